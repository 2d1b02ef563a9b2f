using System.Net;
using WfRunner.Core.Config;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>A database that goes away and comes back, with a server of its own for each test, since that is what is hurt.</summary>
public sealed class DatabaseOutageTests : IAsyncLifetime
{
    private const string ThreeSteps = "+a:\n  probe>: a\n+b:\n  probe>: b\n+c:\n  probe>: c\n";

    private readonly PostgresServer _postgres = new();
    private Cluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _cluster = await Cluster.CreateAsync(_postgres);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task The_api_answers_503_while_the_database_is_away_and_works_when_it_is_back()
    {
        var server = await _cluster.StartAsync();
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await _postgres.CrashAsync();

        var (status, body) = await server.SendAsync(HttpMethod.Get, "api/projects");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains($"at 127.0.0.1:{_postgres.Port} is not available", body.GetString("message"), StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password + ";", body.GetString("message"), StringComparison.Ordinal);
        await _postgres.StartAsync();
        await Eventually.HoldsAsync(async () => (await server.SendAsync(HttpMethod.Get, "api/projects")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_task_that_succeeds_while_the_database_is_away_is_not_run_again()
    {
        var server = await _cluster.StartAsync();
        _cluster.Probe.Hold("b");
        await server.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await server.StartAttemptAsync();
        await _cluster.Probe.Entered("b");

        await _postgres.CrashAsync();
        _cluster.Probe.LetGo("b");
        await _postgres.StartAsync();

        await Eventually.HoldsAsync(async () => (await server.SendAsync(HttpMethod.Get, "api/attempts/1")).Status == HttpStatusCode.OK);
        Assert.Equal("success", (await server.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["a", "b", "c"], _cluster.Probe.Calls);
    }

    [Fact]
    public async Task A_database_that_is_away_for_longer_than_a_lease_lives_ends_running_tasks_and_keeps_successes()
    {
        var server = await _cluster.StartAsync(leaseSeconds: 3);
        _cluster.Probe.Hold("long");
        _cluster.Probe.Hold("short");
        await server.PushAsync("demo", "r1", ("wf.dig", "_parallel: true\n+l:\n  probe>: long\n+s:\n  probe>: short\n"));
        await server.StartAttemptAsync();
        await Task.WhenAll(_cluster.Probe.Entered("long"), _cluster.Probe.Entered("short"));

        await _postgres.CrashAsync();
        _cluster.Probe.LetGo("short");
        await Eventually.HoldsAsync(() => _cluster.Probe.Ended.Contains("long"));
        _cluster.Probe.LetGo("long");
        await _postgres.StartAsync();

        await Eventually.HoldsAsync(async () => (await server.SendAsync(HttpMethod.Get, "api/attempts/1")).Status == HttpStatusCode.OK);
        Assert.Equal("success", (await server.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["long", "long", "short"], _cluster.Probe.Calls.Order());
    }

    [Fact]
    public async Task Schedules_that_came_due_meanwhile_start_when_it_is_back()
    {
        var server = await _cluster.StartAsync();
        await server.PushAsync("demo", "r1", ("job.dig", "schedule:\n  minutes_interval>: 1\n+a:\n  probe>: a\n"));
        await _cluster.ExecuteAsync("UPDATE schedules SET next_run_time = 0");
        await _postgres.CrashAsync();

        await _postgres.StartAsync();

        await Eventually.HoldsAsync(() => _cluster.Probe.Calls.Contains("a"));
    }
}
