using System.Net;
using WfRunner.Core.Config;
using WfRunner.Server.Tests.Nodes;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests;

/// <summary>Workflows that start after others: hosted-dialect 18.5.</summary>
public sealed class TriggerTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private const string Upstream = "+a:\n  probe>: up\n";

    private readonly ProbeOperator _probe = new();
    private readonly string _database = Directory.CreateTempSubdirectory("wf-trigger-").FullName;

    public void Dispose() => Directory.Delete(_database, recursive: true);

    [Fact]
    public async Task Success_starts_the_downstream_workflow_with_the_session_time_in_its_own_zone()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await PushBothAsync(server);

        await server.StartAttemptAsync(time: "2026-03-04T05:06:07Z");

        var started = await server.EndOfAsync("2");
        Assert.Equal(("report", "2026-03-04T14:06:07+09:00"), (started.GetMap("project").GetString("name"), started.GetString("sessionTime")));
        Assert.Equal("{}", started.GetMap("params").ToString());
        Assert.IsType<ConfigNull>(started["retryAttemptName"]);
        Assert.Equal(["up", "down"], _probe.Calls);
    }

    [Fact]
    public async Task Each_success_starts_it_once_and_a_session_that_exists_gets_a_named_attempt()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await PushBothAsync(server);
        await server.StartAttemptAsync();
        await server.EndOfAsync("2");

        await server.StartAttemptAsync(retry: "again");
        var second = await server.EndOfAsync("4");

        Assert.Equal("trigger-3", second.GetString("retryAttemptName"));
        Assert.Equal(["up", "down", "up", "down"], _probe.Calls);
    }

    [Fact]
    public async Task Failure_starts_nothing()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await PushBothAsync(server, upstream: "+a:\n  nothing>: such\n");

        await server.StartAttemptAsync();
        await server.EndOfAsync("1");

        // A trigger is evaluated with the end itself, so what did not start by now never will.
        Assert.Single(((ConfigList)(await server.GetAsync("api/attempts"))["attempts"]!).Items);
    }

    [Fact]
    public async Task What_fired_before_a_crash_starts_after_it_and_only_once()
    {
        // A pool without room, whose queue is full at once, keeps the start away until the crash.
        var before = await RunningServer.StartAsync(_probe, null, _database, ("executor.attempt_max_queued", "0"));
        await before.SendAsync(HttpMethod.Post, "api/pools", """{"name":"later","concurrencyLimit":0}""");
        await before.SendAsync(
            HttpMethod.Post,
            "api/pool_rules",
            """{"poolId":"2","priority":1,"conditions":[{"type":"project_name","operator":"starts_with","values":["report"]}]}""");
        await PushBothAsync(before);
        await before.StartAttemptAsync();
        await before.EndOfAsync("1");
        await before.DisposeAsync();

        await using (var after = await RunningServer.StartAsync(_probe, null, _database))
        {
            await after.SendAsync(HttpMethod.Patch, "api/pools/2", """{"concurrencyLimit":1}""");
            await EndOfAllAsync(after, downstream: 1);
        }

        await using var again = await RunningServer.StartAsync(_probe, null, _database);
        Assert.Equal(2, ((ConfigList)(await again.GetAsync("api/attempts"))["attempts"]!).Items.Count);
        Assert.Equal(["up", "down"], _probe.Calls);
    }

    [Fact]
    public async Task Nodes_on_one_database_start_each_triggered_attempt_once()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var nodes = new[] { await cluster.StartAsync(), await cluster.StartAsync() };
        await PushBothAsync(nodes[0]);

        for (var i = 0; i < 10; i++)
        {
            await nodes[i % 2].StartAttemptAsync(time: $"2026-03-04T05:0{i}:00Z");
        }

        await EndOfAllAsync(nodes[0], downstream: 10);
        Assert.Equal(10, cluster.Probe.Calls.Count(c => c == "down"));
        Assert.Equal("0", await cluster.QueryAsync("SELECT count(*) FROM trigger_firings"));
    }

    [Fact]
    public async Task A_push_tells_what_a_trigger_waits_for_in_vain()
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var missing = await server.PushAsync("report", "r1", ("down.dig", Downstream("ingestion", "load")));
        Assert.Equal(
            (HttpStatusCode.BadRequest, "Dependent project 'ingestion' not found in trigger config"), (missing.Status, missing.Body.GetString("message")));

        await server.PushAsync("ingestion", "r1", ("other.dig", Upstream));
        var early = await server.PushAsync("report", "r1", ("down.dig", Downstream("ingestion", "load")));
        Assert.Equal(HttpStatusCode.OK, early.Status);
        Assert.Equal(
            """["The trigger of workflow down waits for workflow load, which project ingestion does not have yet"]""", early.Body["warnings"]!.ToString());

        await server.PushAsync("ingestion", "r2", ("load.dig", Upstream));
        Assert.Null((await server.PushAsync("report", "r2", ("down.dig", Downstream("ingestion", "load")))).Body["warnings"]);
    }

    [Fact]
    public async Task Projects_that_would_start_each_other_for_ever_are_refused()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("a", "r1", ("x.dig", Upstream));
        await server.PushAsync("b", "r1", ("y.dig", Downstream("a", "x")));

        var refused = await server.PushAsync("a", "r2", ("x.dig", Downstream("b", "y")));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("a/x -> b/y -> a/x", refused.Body.GetString("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Triggers_are_listed_and_shown_with_their_workflow()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await PushBothAsync(server);

        var trigger = (ConfigMap)Assert.Single(((ConfigList)(await server.GetAsync("api/triggers"))["triggers"]!).Items);
        Assert.Equal(
            ("report", "down", "demo", "wf"),
            (trigger.GetMap("project").GetString("name"),
                trigger.GetMap("workflow").GetString("name"),
                trigger.GetString("dependentProjectName"),
                trigger.GetString("dependentWorkflowName")));
        var workflow = await server.GetAsync("api/workflow?project=report&name=down");
        Assert.Equal(
            """{"attempt>":null,"dependent_workflow_name":"wf","dependent_project_name":"demo"}""", workflow.GetMap("config")["trigger"]!.ToString());
    }

    private static string Downstream(string project, string workflow) =>
        $"timezone: Asia/Tokyo\ntrigger:\n  attempt>:\n  dependent_workflow_name: {workflow}\n  dependent_project_name: {project}\n+a:\n  probe>: down\n";

    private static async Task PushBothAsync(RunningServer server, string upstream = Upstream)
    {
        await server.PushAsync("demo", "r1", ("wf.dig", upstream));
        Assert.Equal(HttpStatusCode.OK, (await server.PushAsync("report", "r1", ("down.dig", Downstream("demo", "wf")))).Status);
    }

    // Waits until so many attempts of the downstream workflow have ended, and no attempt runs.
    private static async Task EndOfAllAsync(RunningServer server, int downstream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var attempts = ((ConfigList)(await server.GetAsync("api/attempts?include_retried=true"))["attempts"]!).Items.Cast<ConfigMap>().ToList();
            var ended = attempts.Count(a => a.GetMap("workflow").GetString("name") == "down" && a["done"] is ConfigBoolean { Value: true });
            if (ended >= downstream && attempts.All(a => a["done"] is ConfigBoolean { Value: true }))
            {
                return;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
