using System.Net;
using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Events;

public sealed class EventStreamTests
{
    private const string Hello = "+a:\n  probe>: a\n";
    private const string Scheduled = "schedule:\n  daily>: 07:00:00\n+a:\n  probe>: a\n";

    private readonly ProbeOperator _probe = new();

    [Fact]
    public async Task A_run_is_told_from_its_start_over_every_task_to_its_end()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await using var events = await EventReader.OpenAsync(server);

        await server.PushAsync("demo", "r1", ("wf.dig", Hello));
        await server.StartAttemptAsync();

        Assert.Equal("r1", (await events.UntilAsync("project", e => e.GetString("projectId") == "1")).GetString("revision"));
        var started = await events.UntilAsync("attempt", e => e.GetString("attemptId") == "1");
        Assert.Equal(("running", false, "wf", "2026-03-04T05:06:07+00:00"), (
            started.GetString("status"), started.GetBoolean("done"), started.GetString("workflowName"), started.GetString("sessionTime")));
        var task = await events.UntilAsync("task", e => e.GetString("fullName") == "+wf+a" && e.GetString("state") == "success");
        Assert.Equal(("1", "1", "1", false), (
            task.GetString("attemptId"), task.GetString("sessionId"), task.GetString("projectId"), task.GetBoolean("isGroup")));
        var ended = await events.UntilAsync("session", e => e.GetBoolean("done"));
        Assert.Equal(("success", true), (ended.GetString("status"), ended.GetBoolean("success")));
        Assert.Equal("text/event-stream", events.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_log_of_a_running_task_is_told_when_it_can_be_read()
    {
        _probe.Hold("a");
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", Hello));
        await using var events = await EventReader.OpenAsync(server, "?attempt=1");
        await server.StartAttemptAsync();

        var log = await events.UntilAsync("log", e => e.GetString("taskName") == "+wf+a");

        Assert.True(log.GetInt64("bytes") >= "probe a\n".Length);
        _probe.LetGo("a");
        await server.EndOfFirstAsync();
    }

    [Fact]
    public async Task A_kill_is_told_as_canceling_and_then_as_canceled()
    {
        _probe.Hold("a");
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", Hello));
        await server.StartAttemptAsync();
        await _probe.Entered("a");
        await using var events = await EventReader.OpenAsync(server);

        await server.SendAsync(HttpMethod.Post, "api/attempts/1/kill", "{}");

        Assert.False((await events.UntilAsync("attempt", e => e.GetString("status") == "canceling")).GetBoolean("done"));
        Assert.True((await events.UntilAsync("attempt", e => e.GetString("status") == "canceled")).GetBoolean("done"));
    }

    [Fact]
    public async Task Changes_of_schedules_are_told()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", Scheduled));
        await using var events = await EventReader.OpenAsync(server);

        await server.SendAsync(HttpMethod.Post, "api/schedules/1/disable");
        await events.UntilAsync("schedule", e => e.GetString("scheduleId") == "1" && e.GetString("projectId") == "1");
        await server.SendAsync(HttpMethod.Post, "api/schedules/1/skip", """{"nextTime":"2199-01-01T00:00:00","dryRun":false}""");
        await events.UntilAsync("schedule", e => e.GetString("scheduleId") == "1");
        await server.SendAsync(HttpMethod.Delete, "api/projects/1");

        Assert.True((await events.UntilAsync("project", _ => true))["revision"]!.IsNull);
    }

    [Fact]
    public async Task A_follower_that_comes_back_gets_what_it_missed_and_nothing_twice()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", Hello));
        string cursor;
        await using (var first = await EventReader.OpenAsync(server))
        {
            await server.PushAsync("demo", "r2", ("wf.dig", Hello));
            await first.UntilAsync("project", e => e.GetString("revision") == "r2");
            cursor = first.Cursor;
        }

        await server.PushAsync("demo", "r3", ("wf.dig", Hello));
        await using var byHeader = await EventReader.OpenAsync(server, "?since=unknown", cursor);
        await using var byQuery = await EventReader.OpenAsync(server, "?since=" + cursor);

        Assert.Equal("r3", (await byHeader.UntilAsync("project", _ => true)).GetString("revision"));
        Assert.Equal("r3", (await byQuery.UntilAsync("project", _ => true)).GetString("revision"));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0123456789ab-1")]
    [InlineData("-1")]
    public async Task A_cursor_that_leads_nowhere_is_answered_with_a_reset(string cursor)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await using var events = await EventReader.OpenAsync(server, lastEventId: cursor);

        Assert.Equal("reset", (await events.NextBlockAsync())?.Name);
        Assert.NotEqual(cursor, events.Cursor);
    }

    [Fact]
    public async Task A_filter_lets_only_its_project_through()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("one", "r1", ("wf.dig", Hello));
        await server.PushAsync("two", "r1", ("wf.dig", Hello));
        await using var events = await EventReader.OpenAsync(server, "?project=2");

        await server.PushAsync("one", "r2", ("wf.dig", Hello));
        await server.PushAsync("two", "r3", ("wf.dig", Hello));

        Assert.Equal("r3", (await events.UntilAsync("project", _ => true)).GetString("revision"));
    }

    [Fact]
    public async Task The_stream_ends_when_the_server_stops()
    {
        var server = await RunningServer.StartAsync(_probe);
        await using var events = await EventReader.OpenAsync(server);
        Assert.Null((await events.NextBlockAsync())?.Name);

        await server.Server.StopAsync(CancellationToken.None);

        Assert.Null(await events.NextBlockAsync());
        await server.DisposeAsync();
    }

    [Fact]
    public async Task When_nothing_happens_the_stream_says_that_it_lives_and_moves_the_cursor()
    {
        var clock = new FakeClock(Instant.FromUtc(2026, 3, 4, 5, 6, 7));
        await using var server = await RunningServer.StartAsync(_probe, clock);
        await server.PushAsync("other", "r1", ("wf.dig", Hello));
        await using var events = await EventReader.OpenAsync(server, "?project=99");
        await events.NextBlockAsync();
        var before = events.Cursor;

        // Events that are not wanted wake the stream, which then sees how late it is. Whenever it looks after that, it has seen the first.
        await server.PushAsync("other", "r2", ("wf.dig", Hello));
        clock.AdvanceSeconds(16);
        await server.PushAsync("other", "r3", ("wf.dig", Hello));

        Assert.Null((await events.NextBlockAsync())!.Value.Name);
        Assert.NotEqual(before, events.Cursor);
    }

    [Fact]
    public async Task Without_credentials_there_is_no_stream()
    {
        await using var server = await RunningServer.StartAsync(
            _probe, config: [("server.authenticator.basic.username", "ann"), ("server.authenticator.basic.password", "pw")]);

        using var response = await server.Http.GetAsync("api/events", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task What_is_no_stream_is_not_acceptable()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/events");
        request.Headers.Add("Accept", "application/json");

        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
    }
}
