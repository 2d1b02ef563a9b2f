using System.Net;
using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>Nodes that share a database share everything: attempts, schedules, limits, logs, and each other's work.</summary>
public sealed class SeveralNodesTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string ThreeSteps = "+a:\n  probe>: a\n+b:\n  probe>: b\n+c:\n  probe>: c\n";

    [Fact]
    public async Task What_one_node_runs_the_others_show_with_its_logs()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var (one, two) = (await cluster.StartAsync(), await cluster.StartAsync());
        await one.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));

        await one.StartAttemptAsync();

        Assert.Equal("success", (await two.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["+wf=success", "+wf+a=success", "+wf+b=success", "+wf+c=success"], await two.StatesAsync("1"));
        var files = ((ConfigList)(await two.GetAsync("api/logs/1/files"))["files"]!).Items.Cast<ConfigMap>().Select(f => f.GetString("taskName"));
        Assert.Equal(["+wf+a", "+wf+b", "+wf+c"], files);
    }

    [Fact]
    public async Task A_kill_at_one_node_ends_the_task_on_another()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var (one, two) = (await cluster.StartAsync(), await cluster.StartAsync());
        cluster.Probe.Hold("b");
        await one.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await one.StartAttemptAsync();
        await cluster.Probe.Entered("b");

        // Nobody asks for a minute: only the signal can be that quick.
        var (status, _) = await two.SendAsync(HttpMethod.Post, "api/attempts/1/kill", "{}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("killed", (await two.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["b"], cluster.Probe.Ended);
    }

    [Fact]
    public async Task A_node_that_dies_is_followed_by_another_that_runs_again_only_what_ran()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var (one, two) = (await cluster.StartAsync(leaseSeconds: 3), await cluster.StartAsync(leaseSeconds: 3));
        cluster.Probe.Hold("b");
        await one.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await one.StartAttemptAsync();
        await cluster.Probe.Entered("b");

        // Ends where it stands; nothing is said to anybody.
        await one.Server.DisposeAsync();
        cluster.Probe.LetGo("b");

        Assert.Equal("success", (await two.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["a", "b", "b", "c"], cluster.Probe.Calls);
    }

    [Fact]
    public async Task A_node_that_stops_hands_its_attempts_over_at_once_but_for_those_whose_task_still_runs()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var (one, two) = (await cluster.StartAsync(), await cluster.StartAsync());
        cluster.Probe.Hold("b");
        await one.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await one.StartAttemptAsync();
        await cluster.Probe.Entered("b");

        var stopping = one.Server.StopAsync(CancellationToken.None);
        var (status, started) = await one.StartAttemptAsync(time: "2027-01-01T00:00:00Z");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(stopping.IsCompleted);
        cluster.Probe.LetGo("b");
        await stopping;

        Assert.Equal("success", (await two.EndOfAsync("1")).GetString("status"));
        Assert.Equal("success", (await two.EndOfAsync(started.GetString("id"))).GetString("status"));
        Assert.Equal(["a", "a", "b", "b", "c", "c"], cluster.Probe.Calls.Order());
    }

    [Fact]
    public async Task A_node_that_lost_an_attempt_ends_its_task_and_its_outcome_counts_no_more()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var one = await cluster.StartAsync(leaseSeconds: 3);
        cluster.Probe.Hold("b");
        await one.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await one.StartAttemptAsync();
        await cluster.Probe.Entered("b");

        await cluster.ExecuteAsync("UPDATE attempts SET lease_node = 'elsewhere', lease_token = lease_token + 1, lease_until = lease_until + 3600000");

        await Eventually.HoldsAsync(() => cluster.Probe.Ended.Contains("b"));
        Assert.Equal(["+wf=planned", "+wf+a=success", "+wf+b=running", "+wf+c=blocked"], await one.StatesAsync("1"));
    }

    [Fact]
    public async Task A_node_without_an_agent_leaves_attempts_to_others_at_once()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var (front, worker) = (await cluster.StartAsync(config: ("agent.enabled", "false")), await cluster.StartAsync());
        await front.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));

        await front.StartAttemptAsync();

        Assert.Equal("success", (await front.EndOfAsync("1")).GetString("status"));
        Assert.NotEqual(front.Server.Address, worker.Server.Address);
    }

    [Fact]
    public async Task A_schedule_fires_once_over_all_nodes()
    {
        const string Schedule = "schedule:\n  daily>: 07:00:00\n+a:\n  probe>: ${session_date}\n";
        await using var cluster = await Cluster.CreateAsync(postgres);
        var clock = new FakeClock(Instant.FromUtc(2026, 3, 3, 6, 0));
        RunningServer[] nodes = [await cluster.StartAsync(clock: clock), await cluster.StartAsync(clock: clock), await cluster.StartAsync(clock: clock)];
        await nodes[0].PushAsync("demo", "r1", [.. Enumerable.Range(0, 5).Select(i => ($"job{i}.dig", Schedule))]);

        clock.Reset(Instant.FromUtc(2026, 3, 7, 8, 0));
        Parallel.ForEach(nodes, n => n.Server.ClockChanged());

        await Eventually.HoldsAsync(async () => await cluster.QueryAsync("SELECT count(*) FROM attempts WHERE done") == "25");
        Assert.Equal(25, cluster.Probe.Calls.Count);
        Assert.All(cluster.Probe.Calls.GroupBy(c => c), day => Assert.Equal(5, day.Count()));
        Assert.Equal("25", await cluster.QueryAsync("SELECT count(*) FROM attempts"));
    }

    [Fact]
    public async Task A_push_at_one_node_wakes_the_schedules_of_the_others()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var front = await cluster.StartAsync(config: [("agent.enabled", "false"), ("schedule.enabled", "false")]);
        var worker = await cluster.StartAsync();

        await front.PushAsync("demo", "r1", ("job.dig", "schedule:\n  minutes_interval>: 1\n+a:\n  probe>: a\n"));
        var schedule = ((ConfigList)(await front.GetAsync("api/schedules"))["schedules"]!).Items.Cast<ConfigMap>().Single();
        var (moved, answer) = await front.SendAsync(
            HttpMethod.Post,
            $"api/schedules/{schedule.GetString("id")}/skip",
            """{"fromTime":"2030-01-01T00:00:00Z","count":1,"nextRunTime":"2020-01-01T00:00:00Z","dryRun":false}""");
        Assert.Equal((HttpStatusCode.OK, ""), (moved, answer["message"]?.ToString() ?? ""));

        await Eventually.HoldsAsync(async () => await cluster.QueryAsync("SELECT count(*) FROM attempts WHERE done AND success") != "0");
        Assert.NotEqual(front.Server.Address, worker.Server.Address);
    }

    [Fact]
    public async Task The_limit_of_running_attempts_holds_over_all_nodes()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        RunningServer[] nodes =
        [
            await cluster.StartAsync(config: ("executor.attempt_max_run", "3")), await cluster.StartAsync(config: ("executor.attempt_max_run", "3")),
        ];
        cluster.Probe.Hold("a");
        await nodes[0].PushAsync("demo", "r1", ("wf.dig", ThreeSteps));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => nodes[i % 2].StartAttemptAsync(time: $"2026-03-{i + 1:00}T00:00:00Z")));

        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.All(
            answers.Where(a => a.Status != HttpStatusCode.OK),
            a => Assert.Equal("Too many attempts running. Limit: 3, Current: 3", a.Body.GetString("message")));
        cluster.Probe.LetGo("a");
    }

    [Fact]
    public async Task Backfilled_attempts_run_one_after_another_whoever_announced_them()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var front = await cluster.StartAsync(config: [("agent.enabled", "false"), ("schedule.enabled", "false")]);
        await cluster.StartAsync(config: ("schedule.enabled", "false"));
        await cluster.StartAsync(config: ("schedule.enabled", "false"));
        await front.PushAsync("demo", "r1", ("job.dig", "schedule:\n  daily>: 00:00:00\n+a:\n  probe>: ${session_date}\n"));
        var id = ((ConfigList)(await front.GetAsync("api/schedules"))["schedules"]!).Items.Cast<ConfigMap>().Single().GetString("id");
        var from = DateTime.UtcNow.Date.AddDays(-5).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        var (status, _) = await front.SendAsync(
            HttpMethod.Post, $"api/schedules/{id}/backfill", $$"""{"fromTime":"{{from}}T00:00:00Z","attemptName":"b","count":5,"dryRun":false}""");

        Assert.Equal(HttpStatusCode.OK, status);
        await Eventually.HoldsAsync(async () => await cluster.QueryAsync("SELECT count(*) FROM attempts WHERE done AND success") == "5");
        Assert.Equal(cluster.Probe.Calls.Order(), cluster.Probe.Calls);
    }
}
