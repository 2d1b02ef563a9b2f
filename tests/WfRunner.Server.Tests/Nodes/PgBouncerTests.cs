using System.Globalization;
using System.Net;
using WfRunner.Core.Config;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>Nodes that reach their database through a pooler.</summary>
public sealed class PgBouncerTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string ThreeSteps = "+a:\n  probe>: a\n+b:\n  probe>: b\n+c:\n  probe>: c\n";

    [Fact]
    public async Task In_session_mode_a_kill_at_one_node_ends_the_task_on_another()
    {
        await using var pooler = await PgBouncer.StartAsync(postgres, "session");
        await using var cluster = await Cluster.CreateAsync(postgres);
        (string, string)[] config = [("database.port", pooler.Port.ToString(CultureInfo.InvariantCulture))];

        // So long that only the signal can be the reason.
        var (one, two) = (await cluster.StartAsync(600, null, config), await cluster.StartAsync(600, null, config));
        cluster.Probe.Hold("b");
        await one.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));
        await one.StartAttemptAsync();
        await cluster.Probe.Entered("b");

        var (status, _) = await two.SendAsync(HttpMethod.Post, "api/attempts/1/kill", "{}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("killed", (await two.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["b"], cluster.Probe.Ended);
    }

    [Fact]
    public async Task In_transaction_mode_attempts_run_and_what_others_announce_is_found_by_looking()
    {
        await using var pooler = await PgBouncer.StartAsync(postgres, "transaction");
        await using var cluster = await Cluster.CreateAsync(postgres);
        (string, string)[] config =
            [("database.port", pooler.Port.ToString(CultureInfo.InvariantCulture)), ("database.opts.prepareThreshold", "0")];
        var front = await cluster.StartAsync(6, null, [.. config, ("agent.enabled", "false")]);
        var worker = await cluster.StartAsync(6, null, config);
        await worker.PushAsync("demo", "r1", ("wf.dig", ThreeSteps));

        await worker.StartAttemptAsync();
        await front.StartAttemptAsync(time: "2027-01-01T00:00:00Z");

        Assert.Equal("success", (await worker.EndOfAsync("1")).GetString("status"));
        Assert.Equal("success", (await front.EndOfAsync("2")).GetString("status"));
        Assert.Equal(["a", "a", "b", "b", "c", "c"], cluster.Probe.Calls.Order());
    }
}
