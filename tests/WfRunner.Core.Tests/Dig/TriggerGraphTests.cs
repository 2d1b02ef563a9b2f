using CsCheck;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Tests.Dig;

/// <summary>Cycles of triggers.</summary>
public sealed class TriggerGraphTests
{
    [Fact]
    public void A_chain_has_no_cycle() => Assert.Null(TriggerGraph.FindCycle([At(1, 2), At(2, 3), At(2, 4), At(3, 5)]));

    [Fact]
    public void A_cycle_is_told_in_the_order_in_which_things_start()
    {
        var cycle = TriggerGraph.FindCycle([At(9, 1), At(1, 2), At(2, 3), At(3, 9), At(9, 8)]);

        Assert.NotNull(cycle);
        Assert.Equal(5, cycle.Count);
        Assert.Equal(cycle[0], cycle[^1]);
        Assert.Equal(["p/1 -> p/2", "p/2 -> p/3", "p/3 -> p/9", "p/9 -> p/1"], cycle.Zip(cycle.Skip(1), (a, b) => $"{a} -> {b}").Order());
    }

    [Fact]
    public void A_cycle_is_found_exactly_where_some_workflow_starts_itself_in_the_end() =>
        Gen.Int[0, 9].Array[10].Sample(upstreams =>
        {
            // Workflow i waits for upstreams[i]; one that waits for 0 waits for nobody.
            var triggers = upstreams.Select((up, i) => (up, i)).Where(t => t.up > 0).ToDictionary(t => t.i, t => t.up);
            var isCyclic = triggers.Keys.Any(start =>
            {
                var at = start;
                for (var steps = 0; steps < triggers.Count && triggers.TryGetValue(at, out var up); steps++)
                {
                    if (up == start)
                    {
                        return true;
                    }

                    at = up;
                }

                return false;
            });

            var cycle = TriggerGraph.FindCycle(triggers.Select(t => At(t.Value, t.Key)));

            Assert.Equal(isCyclic, cycle is not null);
            if (cycle is not null)
            {
                Assert.Equal(cycle[0], cycle[^1]);
                Assert.All(cycle.Zip(cycle.Skip(1)), p => Assert.Equal(Number(p.First), triggers[Number(p.Second)]));
            }
        });

    private static (QualifiedWorkflow Upstream, QualifiedWorkflow Downstream) At(int upstream, int downstream) =>
        (new("p", upstream.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("p", downstream.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static int Number(QualifiedWorkflow workflow) => int.Parse(workflow.Workflow, System.Globalization.CultureInfo.InvariantCulture);
}
