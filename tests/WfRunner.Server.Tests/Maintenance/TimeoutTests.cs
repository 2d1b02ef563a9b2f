using NodaTime;
using NodaTime.Testing;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Maintenance;

public sealed class TimeoutTests
{
    private const string TwoSteps = "+a:\n  probe>: a\n+b:\n  probe>: b\n";

    private readonly ProbeOperator _probe = new();
    private readonly FakeClock _clock = new(Instant.FromUtc(2026, 3, 4, 5, 6, 7));

    [Fact]
    public async Task An_attempt_that_is_too_old_is_canceled_with_its_running_task_and_people_are_told()
    {
        await using var people = NotificationReceiver.Start();
        _probe.Hold("a");
        await using var server = await StartAsync(people, ("executor.attempt_ttl", "30s"));
        await RunAsync(server);

        await AdvanceAsync(server, 29);
        Assert.Equal("running", (await server.GetAsync("api/attempts/1")).GetString("status"));
        await AdvanceAsync(server, 2);

        Assert.Equal("killed", (await server.EndOfFirstAsync()).GetString("status"));
        Assert.Equal(["a"], _probe.Calls);
        var told = await people.NextAsync();
        Assert.Equal(
            ("Workflow execution timeout", 1, 1, "demo", "r1", 1, 0, "wf", "2026-03-04T05:06:38Z"),
            (told.GetString("message"), told.GetInt32("attempt_id"), told.GetInt32("project_id"), told.GetString("project_name"), told.GetString("revision"), told.GetInt32("session_id"), told.GetInt32("site_id"), told.GetString("workflow_name"), told.GetString("timestamp")));
        Assert.True(told["task_name"]!.IsNull);
    }

    [Fact]
    public async Task A_task_that_takes_too_long_cancels_its_whole_attempt_and_people_are_told_once()
    {
        await using var people = NotificationReceiver.Start();
        _probe.Hold("b");
        await using var server = await StartAsync(people, ("executor.task_ttl", "20s"));
        await server.PushAsync("demo", "r1", ("wf.dig", TwoSteps));
        await server.StartAttemptAsync();
        await _probe.Entered("b");
        var task = ((ConfigList)(await server.GetAsync("api/attempts/1/tasks"))["tasks"]!).Items.Cast<ConfigMap>()
            .Single(t => t.GetString("fullName") == "+wf+b").GetString("id");

        await AdvanceAsync(server, 21);

        Assert.Equal("killed", (await server.EndOfFirstAsync()).GetString("status"));
        Assert.Equal($"Task execution timeout: {task}", (await people.NextAsync()).GetString("message"));
        await AdvanceAsync(server, 10);
        Assert.Equal(0, people.Left);
    }

    [Fact]
    public async Task Parents_that_wait_for_their_children_are_never_too_long()
    {
        await using var people = NotificationReceiver.Start();
        _probe.Hold("b");
        await using var server = await StartAsync(people, ("executor.task_ttl", "20s"));
        _probe.Hold("a");
        await RunAsync(server);

        // The first task takes 15 s, the second 15 s: the root more than 20 s.
        await AdvanceAsync(server, 15);
        _probe.LetGo("a");
        await _probe.Entered("b");
        await AdvanceAsync(server, 15);
        _probe.LetGo("b");

        Assert.Equal("success", (await server.EndOfFirstAsync()).GetString("status"));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again_and_holds_nothing_up()
    {
        await using var people = NotificationReceiver.Start();
        people.Fail(times: 2);
        _probe.Hold("a");
        await using var server = await StartAsync(people, ("executor.attempt_ttl", "30s"), ("notification.min_retry_wait", "1"));
        await RunAsync(server);

        await AdvanceAsync(server, 31);

        await server.EndOfFirstAsync();
        Assert.Equal("Workflow execution timeout", (await people.NextAsync()).GetString("message"));
    }

    [Fact]
    public async Task A_scheduled_session_that_starts_late_is_told()
    {
        await using var people = NotificationReceiver.Start();
        await using var server = await StartAsync(people, ("notification.schedule_delay", "10m"));
        await server.PushAsync("demo", "r1", ("wf.dig", "schedule:\n  daily>: 07:00:00\n" + TwoSteps));

        _clock.Reset(Instant.FromUtc(2026, 3, 4, 7, 10, 1));
        server.Server.ClockChanged();

        var told = await people.NextAsync();
        Assert.Equal(("Scheduled session started 601 seconds late", "wf"), (told.GetString("message"), told.GetString("workflow_name")));
        await server.EndOfFirstAsync();
    }

    [Theory]
    [InlineData("executor.attempt_ttl", "60", "executor.attempt_ttl must be a time such as '1h 30m', but is '60'")]
    [InlineData("executor.task_ttl", "0s", "executor.task_ttl must be longer than nothing")]
    [InlineData("notification.type", "pigeon", "Unknown notification.type: pigeon (http, shell or mail)")]
    [InlineData("param_server.type", "etcd", "etcd")]
    [InlineData("retention.days", "0", "retention.days must be greater than 0")]
    public async Task Settings_that_make_no_sense_stop_the_start(string key, string value, string message)
    {
        var failure = await Assert.ThrowsAnyAsync<WorkflowException>(() => RunningServer.StartAsync(_probe, config: [(key, value)]));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    private Task<RunningServer> StartAsync(NotificationReceiver people, params (string Key, string Value)[] config) => RunningServer.StartAsync(
        _probe, _clock, config: [("notification.type", "http"), ("notification.http.url", people.Url), ("executor.ttl_reaping_interval", "1s"), .. config]);

    private async Task RunAsync(RunningServer server)
    {
        await server.PushAsync("demo", "r1", ("wf.dig", TwoSteps));
        await server.StartAttemptAsync();
        await _probe.Entered("a");
    }

    private Task AdvanceAsync(RunningServer server, int seconds)
    {
        _clock.AdvanceSeconds(seconds);
        server.Server.ClockChanged();
        return Task.CompletedTask;
    }
}
