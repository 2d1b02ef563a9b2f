using System.Globalization;
using System.Net;
using WfRunner.Core.Config;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>A network between a node and its database that swallows everything: nothing breaks, nothing answers.</summary>
public sealed class NetworkCutTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private const string Steps = "+a:\n  probe>: a\n+both:\n  _parallel: true\n  +b:\n    probe>: b\n  +s:\n    probe>: s\n+c:\n  probe>: c\n";

    [Fact]
    public async Task The_other_node_goes_on_and_what_the_cut_one_saves_late_counts_no_more()
    {
        await using var network = new TcpProxy(postgres.Port);
        await using var cluster = await Cluster.CreateAsync(postgres);
        var one = await cluster.StartAsync(3, null, ("database.port", network.Port.ToString(CultureInfo.InvariantCulture)));
        var two = await cluster.StartAsync(leaseSeconds: 3);
        var probe = cluster.Probe;
        probe.Hold("b");
        probe.Hold("s");
        await one.PushAsync("demo", "r1", ("wf.dig", Steps));
        await one.StartAttemptAsync();
        await Task.WhenAll(probe.Entered("b"), probe.Entered("s"));

        // One task succeeds while nothing can be saved; the other runs on until its node gives up.
        network.Cut();
        probe.LetGo("s");
        probe.Hold("s");
        await Eventually.HoldsAsync(() => probe.Ended.Contains("b") && probe.Calls.Count(c => c == "b") == 2 && probe.Calls.Count(c => c == "s") == 2);

        network.Mend();
        await Eventually.HoldsAsync(async () => (await one.SendAsync(HttpMethod.Get, "api/attempts/1")).Status == HttpStatusCode.OK);
        await Eventually.HoldsAsync(async () => await LostAsync(one) > 0);
        string[] running = ["+wf=planned", "+wf+a=success", "+wf+both=planned", "+wf+both+b=running", "+wf+both+s=running", "+wf+c=blocked"];
        Assert.Equal(running, await two.StatesAsync("1"));
        Assert.Equal(running, await one.StatesAsync("1"));

        probe.LetGo("b");
        probe.LetGo("s");
        Assert.Equal("success", (await two.EndOfAsync("1")).GetString("status"));
        Assert.Equal("success", (await one.EndOfAsync("1")).GetString("status"));
        Assert.Equal(["a", "b", "b", "c", "s", "s"], probe.Calls.Order());
        Assert.Equal(["b"], probe.Ended);
    }

    private static async Task<double> LostAsync(RunningServer node)
    {
        const string Metric = "wf_leases_lost_total ";
        var metrics = await node.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        return metrics.Split('\n').Where(l => l.StartsWith(Metric, StringComparison.Ordinal)).Sum(l => double.Parse(l[Metric.Length..], CultureInfo.InvariantCulture));
    }
}
