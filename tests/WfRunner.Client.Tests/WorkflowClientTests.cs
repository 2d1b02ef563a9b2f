using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Client.Tests;

public sealed class WorkflowClientTests
{
    private const string OldAttempt =
        """
        {"id":31,"project":{"id":1,"name":"p"},"workflow":{"name":"w","id":null},"sessionId":30,"sessionUuid":"u",
         "sessionTime":"2024-06-01T00:00:00Z","done":true,"success":false,"params":{"k":"v"},"createdAt":"2024-06-01T01:00:00Z","novelty":1}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_is_tried_again_after_faults_of_the_server()
    {
        using var server = new ScriptedServer((_, count) => count < 4 ? new(503) : new(200, """{"version":"1"}"""));
        using var client = server.Client();

        Assert.Equal("1", await client.GetVersionAsync(Cancellation));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_read_that_is_refused_is_not_tried_again()
    {
        using var server = new ScriptedServer((_, _) => new(404, """{"message":"gone","status":404}"""));
        using var client = server.Client();

        var refused = await Assert.ThrowsAsync<ServerAnswerException>(() => client.GetAttemptAsync(1, Cancellation));

        Assert.Equal((404, """{"message":"gone","status":404}"""), (refused.Status, refused.Message));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_write_is_sent_once_whatever_happens()
    {
        using var server = new ScriptedServer((_, _) => new(500, "<html>", "text/html"));
        using var client = server.Client();

        var failed = await Assert.ThrowsAsync<ServerAnswerException>(() => client.KillAsync(7, Cancellation));

        Assert.Equal((500, "HTTP 500 Internal Server Error"), (failed.Status, failed.Message));
        Assert.Equal("POST /api/attempts/7/kill", Assert.Single(server.Requests).Line);
    }

    [Fact]
    public async Task Nothing_that_listens_is_told_with_the_endpoint()
    {
        Uri endpoint;
        using (var server = new ScriptedServer((_, _) => new(200)))
        {
            endpoint = server.Endpoint;
        }

        using var client = new WorkflowClient(new ClientSettings { Endpoint = endpoint });

        var failed = await Assert.ThrowsAsync<ServerUnreachableException>(() => client.KillAsync(1, Cancellation));

        Assert.Equal($"cannot connect to {endpoint.GetLeftPart(UriPartial.Authority)}: connection refused", failed.Message);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(303)]
    [InlineData(307)]
    public async Task A_redirect_to_another_host_is_followed_without_credentials(int status)
    {
        using var storage = new ScriptedServer((_, _) => new(200, "archive", "application/gzip"));
        using var server = new ScriptedServer((_, _) => new(status, Location: storage.Endpoint + "signed?x=1"));
        using var client = server.Client(("Authorization", "Basic abc"));

        await using var archive = await client.GetArchiveAsync(1, "r1", Cancellation);
        using var reader = new StreamReader(archive);

        Assert.Equal("archive", await reader.ReadToEndAsync(Cancellation));
        Assert.Equal("Basic abc", Assert.Single(server.Requests).Authorization);
        Assert.Equal(("GET /signed?x=1", null), (Assert.Single(storage.Requests).Line, Assert.Single(storage.Requests).Authorization));
    }

    [Fact]
    public async Task A_redirect_away_from_the_web_is_refused()
    {
        using var server = new ScriptedServer((_, _) => new(303, Location: "file:///etc/passwd"));
        using var client = server.Client();

        var refused = await Assert.ThrowsAsync<InvalidAnswerException>(() => client.GetArchiveAsync(1, "r1", Cancellation));

        Assert.Contains("not on the web: file:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_of_old_servers_are_read()
    {
        using var server = new ScriptedServer((_, _) => new(200, OldAttempt));
        using var client = server.Client();

        var attempt = await client.GetAttemptAsync(31, Cancellation);

        Assert.Equal((31L, 1L, null, "error", false), (attempt.Id, attempt.ProjectId, attempt.WorkflowId, attempt.Status, attempt.IsCancelRequested));
    }

    [Fact]
    public async Task Writes_that_old_servers_answer_without_a_body_succeed()
    {
        using var server = new ScriptedServer((_, _) => new(204));
        using var client = server.Client();

        await client.KillAsync(1, Cancellation);
        await client.SetSecretAsync(1, "a.b", "x", Cancellation);
        await client.DeleteSecretAsync(1, "a.b", Cancellation);
        await client.DeleteProjectAsync(1, Cancellation);

        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_without_the_version_check_is_used_all_the_same()
    {
        using var server = new ScriptedServer((_, _) => new(404));
        using var client = server.Client();

        Assert.Null(await client.CheckVersionAsync(Cancellation));
        Assert.Equal($"DigdagClient/{DigdagVersion.Compatible} wf/9.9", Assert.Single(server.Requests).UserAgent);
    }

    [Fact]
    public async Task Names_are_encoded_in_paths_and_queries()
    {
        using var server = new ScriptedServer((_, _) => new(200, """{"projects":[],"files":[]}"""));
        using var client = server.Client();

        await client.FindProjectAsync("a b&c/ü", Cancellation);
        await client.ListLogFilesAsync(1, "+wf+a", Cancellation);

        Assert.Equal(
            ["GET /api/projects?name=a%20b%26c%2F%C3%BC", "GET /api/logs/1/files?task=%2Bwf%2Ba"], server.Requests.Select(r => r.Line));
    }

    [Theory]
    [InlineData("<html>login</html>", "text/html")]
    [InlineData("[]", "application/json")]
    [InlineData("{}", "application/json")]
    public async Task An_answer_that_is_none_of_the_API_is_explained(string body, string type)
    {
        using var server = new ScriptedServer((_, _) => new(200, body, type));
        using var client = server.Client();

        var failed = await Assert.ThrowsAsync<InvalidAnswerException>(() => client.GetAttemptAsync(1, Cancellation));

        Assert.StartsWith("The server's answer cannot be read: ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_sends_what_stock_servers_need()
    {
        using var server = new ScriptedServer((_, _) => new(200, OldAttempt));
        using var client = server.Client();

        await client.StartAsync(new AttemptStart(5, "2016-01-01T00:00:00+09:00", null, null, ConfigMap.Empty), Cancellation);

        Assert.Equal(
            """{"workflowId":"5","sessionTime":"2016-01-01T00:00:00+09:00","retryAttemptName":null,"resume":null,"params":{}}""", Assert.Single(server.Bodies));
    }
}
