using System.Net;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests;

public sealed class AttemptTests
{
    private const string ThreeSteps = "+a:\n  probe>: a\n+b:\n  probe>: b\n+c:\n  probe>: c\n";

    private readonly ProbeOperator _probe = new();

    [Fact]
    public async Task A_pushed_workflow_that_is_started_runs_to_its_end()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        var (pushed, project) = await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        Assert.Equal((HttpStatusCode.OK, "demo"), (pushed, project.GetString("name")));

        var (started, attempt) = await server.StartAttemptAsync();

        Assert.Equal((HttpStatusCode.OK, "running"), (started, attempt.GetString("status")));
        Assert.Equal("success", (await server.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["a", "b", "c"], _probe.Calls);
        Assert.Equal(["+wf=success", "+wf+a=success", "+wf+b=success", "+wf+c=success"], await server.StatesAsync("1"));
    }

    [Fact]
    public async Task The_same_session_again_answers_409_with_the_attempt_that_exists()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();

        var (status, existing) = await server.StartAttemptAsync(time: "2026-03-04T14:06:07.9+09:00");

        Assert.Equal((HttpStatusCode.Conflict, "1"), (status, existing.GetString("id")));
    }

    [Fact]
    public async Task A_killed_attempt_ends_its_running_task_and_starts_no_other()
    {
        _probe.Hold("b");
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();
        await _probe.Entered("b");

        var (killed, answer) = await server.SendAsync(HttpMethod.Post, "api/attempts/1/kill", "{}");

        Assert.Equal((HttpStatusCode.OK, true), (killed, answer.GetBoolean("cancelRequested")));
        Assert.Equal("killed", (await server.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["+wf=canceled", "+wf+a=success", "+wf+b=canceled", "+wf+c=blocked"], await server.StatesAsync("1"));
        Assert.Equal(HttpStatusCode.Conflict, (await server.SendAsync(HttpMethod.Post, "api/attempts/1/kill", "{}")).Status);
    }

    [Fact]
    public async Task After_a_crash_in_the_middle_the_running_task_runs_again_and_finished_ones_never()
    {
        var database = Directory.CreateTempSubdirectory("wf-crash-").FullName;
        _probe.Hold("b");
        var server = await RunningServer.StartAsync(_probe, database: database);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps + "+d:\n  probe>: d-${seen}\n"));
        await server.StartAttemptAsync();
        await _probe.Entered("b");

        // Ends where it stands: nothing is drained, the running task's outcome is not saved.
        await server.DisposeAsync();
        _probe.LetGo("b");
        await using var again = await RunningServer.StartAsync(_probe, database: database);

        Assert.Equal("success", (await again.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["a", "b", "b", "c", "d-c"], _probe.Calls);
        Directory.Delete(database, recursive: true);
    }

    [Fact]
    public async Task A_graceful_stop_lets_the_running_task_end_and_starts_no_other()
    {
        var database = Directory.CreateTempSubdirectory("wf-stop-").FullName;
        _probe.Hold("b");
        var server = await RunningServer.StartAsync(_probe, database: database);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();
        await _probe.Entered("b");

        var stopping = server.Server.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        Assert.Equal("running", (await server.GetAsync("api/attempts/1")).GetString("status"));
        _probe.LetGo("b");
        await stopping;
        Assert.Equal(["a", "b"], _probe.Calls);
        await server.DisposeAsync();

        await using var again = await RunningServer.StartAsync(_probe, database: database);
        Assert.Equal("success", (await again.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["a", "b", "c"], _probe.Calls);
        Directory.Delete(database, recursive: true);
    }

    [Fact]
    public async Task A_hurried_stop_ends_at_once_and_the_task_runs_again_later()
    {
        var database = Directory.CreateTempSubdirectory("wf-hurry-").FullName;
        _probe.Hold("b");
        var server = await RunningServer.StartAsync(_probe, database: database);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();
        await _probe.Entered("b");

        await server.Server.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();
        _probe.LetGo("b");
        await using var again = await RunningServer.StartAsync(_probe, database: database);

        Assert.Equal("success", (await again.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["a", "b", "b", "c"], _probe.Calls);
        Directory.Delete(database, recursive: true);
    }

    [Fact]
    public async Task An_attempt_resumed_from_a_task_skips_what_succeeded_before_it()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();
        await server.EndOfAsync("1");

        var (status, _) = await server.StartAttemptAsync(
            retry: "again", more: ""","resume":{"mode":"from","mode":"from","attemptId":"1","from":"+c"}""");

        Assert.Equal(HttpStatusCode.OK, status);
        await server.EndOfAsync("2");
        Assert.Equal(["a", "b", "c", "c"], _probe.Calls);
    }

    [Theory]
    [InlineData(""","resume":{"mode":"failed","attemptId":"1"}""", HttpStatusCode.BadRequest, "Resuming successfully completed attempts is not supported")]
    [InlineData(""","resume":{"mode":"from","attemptId":"1","from":"+nosuch"}""", HttpStatusCode.BadRequest, "Task pattern '+nosuch' doesn't match with any tasks.")]
    [InlineData(""","resume":{"mode":"from","attemptId":"1","from":"+"}""", HttpStatusCode.BadRequest, "Match patterns excepting direct child (+name+name) is not supported: +")]
    [InlineData(""","resume":{"mode":"failed","attemptId":"9"}""", HttpStatusCode.NotFound, "Resource does not exist: session attempt id=9")]
    public async Task A_resume_that_makes_no_sense_is_refused(string resume, HttpStatusCode expected, string message)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();
        await server.EndOfAsync("1");

        var (status, body) = await server.StartAttemptAsync(retry: "again", more: resume);

        Assert.Equal((expected, message), (status, body.GetString("message")));
    }

    [Fact]
    public async Task The_log_of_a_task_can_be_read_while_it_runs()
    {
        _probe.Hold("a");
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();
        await _probe.Entered("a");

        var files = (ConfigList)(await server.GetAsync("api/logs/1/files?task=%2Bwf%2Ba"))["files"]!;

        var file = (ConfigMap)Assert.Single(files.Items);
        Assert.Equal("+wf+a", file.GetString("taskName"));
        _probe.LetGo("a");
        await server.EndOfAsync("1");
        var bytes = await server.Http.GetByteArrayAsync(
            "api/logs/1/files/" + Uri.EscapeDataString(file.GetString("fileName")), TestContext.Current.CancellationToken);
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(bytes), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(gzip);
        Assert.Contains("probe a\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
