using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Client.Tests;

/// <summary>Servers that fall silent, break off, or ask to wait: what is sent again, and what never is.</summary>
public sealed class LostAnswerTests
{
    private const string Project =
        """{"id":"1","name":"p","revision":"r","archiveType":"db","createdAt":"2024-06-01T01:00:00Z","updatedAt":"2024-06-01T01:00:00Z"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_without_an_answer_is_asked_again_with_the_same_request()
    {
        using var server = new ScriptedServer((_, count) => count == 1 ? new(0) : new(200, Attempt("null")));
        using var client = server.Client();

        var attempt = await client.StartAsync(Start(name: null), Cancellation);

        Assert.Equal(31, attempt.Id);
        Assert.Equal(2, server.Requests.Count);
        Assert.Single(server.Bodies.Distinct());
    }

    [Fact]
    public async Task A_start_under_a_name_of_its_own_is_its_own_when_the_second_request_finds_it()
    {
        using var server = new ScriptedServer((_, count) => count == 1 ? new(0) : new(409, Attempt("\"mine\"")));
        using var client = server.Client();

        Assert.Equal(31, (await client.StartAsync(Start("mine") with { HasNameOfItsOwn = true }, Cancellation)).Id);
    }

    [Theory]
    [InlineData(null, "null", false)]
    [InlineData("given", "\"given\"", false)]
    [InlineData("mine", "\"other\"", true)]
    public async Task A_start_that_may_be_somebody_elses_stays_a_conflict(string? name, string found, bool hasNameOfItsOwn)
    {
        using var server = new ScriptedServer((_, count) => count == 1 ? new(0) : new(409, Attempt(found)));
        using var client = server.Client();

        var conflict = await Assert.ThrowsAsync<ServerAnswerException>(
            () => client.StartAsync(Start(name) with { HasNameOfItsOwn = hasNameOfItsOwn }, Cancellation));

        Assert.Equal((409, true), (conflict.Status, conflict.IsRepeat));
    }

    [Fact]
    public async Task A_conflict_of_the_first_request_is_never_its_own()
    {
        using var server = new ScriptedServer((_, _) => new(409, Attempt("\"mine\"")));
        using var client = server.Client();

        var conflict = await Assert.ThrowsAsync<ServerAnswerException>(() => client.StartAsync(Start("mine") with { HasNameOfItsOwn = true }, Cancellation));

        Assert.False(conflict.IsRepeat);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_push_is_sent_again_from_its_beginning_and_recognises_its_own_revision()
    {
        using var server = new ScriptedServer((request, count) => request.HttpMethod == "GET" ? new(200, $$"""{"projects":[{{Project}}]}""")
            : count == 1 ? new(0) : new(409, """{"message":"Resource already exists: revision=r in project id=1","status":409}"""));
        using var client = server.Client();
        using var archive = new MemoryStream("archive"u8.ToArray());

        var pushed = await client.PushAsync(new PushRequest("p", "r") { HasRevisionOfItsOwn = true }, archive, Cancellation);

        Assert.Equal("r", pushed.Revision);
        Assert.Equal(["archive", "archive", ""], server.Bodies);
    }

    [Fact]
    public async Task A_push_of_a_given_revision_stays_a_conflict()
    {
        using var server = new ScriptedServer((_, count) => count == 1 ? new(502) : new(409, """{"message":"exists","status":409}"""));
        using var client = server.Client();
        using var archive = new MemoryStream("archive"u8.ToArray());

        await Assert.ThrowsAsync<ServerAnswerException>(() => client.PushAsync(new PushRequest("p", "r"), archive, Cancellation));
    }

    [Fact]
    public async Task What_is_gone_at_the_second_try_was_deleted_by_the_first()
    {
        using var server = new ScriptedServer((_, count) => count == 1 ? new(504) : new(404));
        using var client = server.Client();

        await client.DeleteSecretAsync(1, "k", Cancellation);

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_kill_that_stopped_the_attempt_before_its_answer_was_lost_succeeds()
    {
        using var server = new ScriptedServer((request, count) => request.HttpMethod == "GET" ? new(200, Attempt("null", "\"cancelRequested\":true,"))
            : count == 1 ? new(0) : new(409, """{"message":"Session attempt already killed or finished","status":409}"""));
        using var client = server.Client();

        await client.KillAsync(31, Cancellation);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_backfill_is_sent_once_and_the_failure_says_that_it_may_have_been_done()
    {
        using var server = new ScriptedServer((_, _) => new(0));
        using var client = server.Client();

        var failure = await Assert.ThrowsAsync<ServerUnreachableException>(() => client.BackfillAsync(1, ConfigMap.Empty, Cancellation));

        Assert.True(failure.MayHaveBeenDone);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Skipping_a_number_of_sessions_is_sent_once_skipping_to_a_time_is_not()
    {
        using var server = new ScriptedServer((_, _) => new(502));
        using var client = server.Client();

        await Assert.ThrowsAsync<ServerAnswerException>(() => client.SkipScheduleAsync(1, ConfigMap.Of(("count", 1L)), Cancellation));
        Assert.Single(server.Requests);
        await Assert.ThrowsAsync<ServerAnswerException>(() => client.SkipScheduleAsync(1, ConfigMap.Of(("nextTime", "2024-06-01T00:00:00Z")), Cancellation));
        Assert.Equal(1 + 5, server.Requests.Count);
    }

    [Fact]
    public async Task Retry_After_is_honoured_also_by_writes_that_are_sent_once()
    {
        var told = new List<string>();
        using var server = new ScriptedServer((_, count) => count == 1 ? new(429, RetryAfter: "1") : new(200, """{"attempts":[]}"""));
        using var client = server.Client(new ClientSettings { Endpoint = server.Endpoint, Retrying = told.Add });

        Assert.Empty(await client.BackfillAsync(1, ConfigMap.Empty, Cancellation));

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal($"{server.Endpoint.GetLeftPart(UriPartial.Authority)} answers with status 429, trying again in 1 s", Assert.Single(told));
    }

    [Fact]
    public async Task A_long_wait_is_told_instead_of_waited()
    {
        using var server = new ScriptedServer((_, _) => new(503, RetryAfter: "3600"));
        using var client = server.Client();

        var refused = await Assert.ThrowsAsync<ServerAnswerException>(() => client.GetVersionAsync(Cancellation));

        Assert.Equal(TimeSpan.FromHours(1), refused.RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_silent_server_is_given_up()
    {
        using var gate = new ManualResetEventSlim();
        using var server = new ScriptedServer((_, _) =>
        {
            gate.Wait(TimeSpan.FromSeconds(10));
            return new(200, """{"version":"1"}""");
        });
        using var client = server.Client(new ClientSettings { Endpoint = server.Endpoint, Timeout = TimeSpan.FromMilliseconds(200) });

        var failure = await Assert.ThrowsAsync<ServerUnreachableException>(() => client.GetVersionAsync(Cancellation));

        Assert.Contains("did not answer within", failure.Message, StringComparison.Ordinal);
        gate.Set();
    }

    [Fact]
    public async Task Progress_is_told_of_uploads_and_downloads()
    {
        var progress = new List<TransferProgress>();
        using var server = new ScriptedServer((request, _) => request.HttpMethod == "GET" ? new(200, new string('x', 200_000), "application/gzip") : new(200, Project));
        using var client = server.Client(new ClientSettings { Endpoint = server.Endpoint, Progress = progress.Add });
        using var archive = new MemoryStream(new byte[300_000]);

        await client.PushAsync(new PushRequest("p", "r"), archive, Cancellation);
        Assert.Equal(new TransferProgress(true, 300_000, 300_000), progress[^1]);
        await using var download = await client.GetArchiveAsync(1, "r", Cancellation);
        await download.CopyToAsync(Stream.Null, Cancellation);
        Assert.Equal(200_000, progress.Last(p => !p.IsUpload).Done);
    }

    [Fact]
    public async Task All_pages_of_revisions_are_read_where_there_are_pages()
    {
        using var server = new ScriptedServer((request, _) => request.RawUrl!.Contains("page", StringComparison.Ordinal)
            ? new(200, """{"revisions":[{"revision":"r1","createdAt":"2024-06-01T01:00:00Z"}]}""")
            : new(200, """{"revisions":[{"revision":"r2","createdAt":"2024-06-02T01:00:00Z"}],"pagination":{"nextPage":"a/b"}}"""));
        using var client = server.Client();

        Assert.Equal(["r2", "r1"], (await client.ListRevisionsAsync(1, 100, Cancellation)).Select(r => r.Name));
        Assert.Equal(["GET /api/projects/1/revisions", "GET /api/projects/1/revisions?page[after]=a%2Fb"], server.Requests.Select(r => r.Line));
    }

    private static AttemptStart Start(string? name) => new(5, "2016-01-01T00:00:00+09:00", name, null, ConfigMap.Empty);

    private static string Attempt(string name, string more = "") =>
        $$"""
        {"id":"31","project":{"id":"1","name":"p"},"workflow":{"name":"w","id":"5"},"sessionId":"30","sessionUuid":"u",{{more}}
         "sessionTime":"2024-06-01T00:00:00Z","retryAttemptName":{{name}},"done":false,"success":false,"params":{},"createdAt":"2024-06-01T01:00:00Z"}
        """;
}
