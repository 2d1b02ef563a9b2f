using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;

namespace WfRunner.Core.Tests.Engine;

public sealed class ParameterCollectionTests
{
    [Fact]
    public void A_store_is_seen_by_what_runs_after_it_and_not_by_a_parallel_sibling()
    {
        var seen = Collect("+s: {store>: {x: 1}}\n+g:\n  _parallel: true\n  +a: {store>: {y: a}}\n  +b: {probe>: b}\n+z: {probe>: z}\n");

        Assert.Equal("1", seen["+wf+g+b"]["x"]?.ToString());
        Assert.Null(seen["+wf+g+b"]["y"]);
        Assert.Equal("\"a\"", seen["+wf+z"]["y"]?.ToString());
    }

    [Fact]
    public void Of_parallel_stores_the_one_later_in_the_file_wins()
    {
        var seen = Collect("+g:\n  _parallel: true\n  +a: {store>: {x: a}}\n  +b: {store>: {x: b}, _after: [+a]}\n  +c: {store>: {x: c}}\n+z: {probe>: 1}\n");

        Assert.Equal("c", seen["+wf+z"].GetString("x"));
    }

    [Fact]
    public void A_groups_export_overrides_earlier_stores_inside_the_group_only()
    {
        var seen = Collect("+s: {store>: {v: 1}}\n+g:\n  _export: {v: 2}\n  +in: {probe>: 1}\n+out: {probe>: 1}\n");

        Assert.Equal(2, seen["+wf+g+in"].GetInt32("v"));
        Assert.Equal(1, seen["+wf+out"].GetInt32("v"));
    }

    [Fact]
    public void Exports_merge_deeply_from_outer_to_inner()
    {
        var seen = Collect("_export: {td: {database: a, engine: presto}}\n+g:\n  _export: {td: {database: b}}\n  +t: {probe>: 1}\n");

        Assert.Equal("{\"database\":\"b\",\"engine\":\"presto\"}", seen["+wf+g+t"]["td"]?.ToString());
    }

    [Fact]
    public void Attempt_parameters_lose_against_exports()
    {
        var seen = Collect("_export: {x: 2}\n+t: {probe>: 1}\n", ConfigMap.Of(("x", 1), ("y", 1)));

        Assert.Equal(2, seen["+wf+t"].GetInt32("x"));
        Assert.Equal(1, seen["+wf+t"].GetInt32("y"));
    }

    [Fact]
    public void A_store_seen_through_a_long_chain_costs_no_recursion()
    {
        var dig = string.Concat(Enumerable.Range(0, 5000).Select(i => $"+t{i}: {{{(i == 0 ? "store>: {x: 1}" : "probe>: 1")}}}\n"));

        var seen = Collect(dig, maximumTasks: 10_000, probeOnly: "+wf+t4999");

        Assert.Equal(1, seen["+wf+t4999"].GetInt32("x"));
    }

    private static Dictionary<string, ConfigMap> Collect(
        string dig, ConfigMap? parameters = null, int maximumTasks = 1000, string? probeOnly = null)
    {
        var seen = new Dictionary<string, ConfigMap>();
        new AttemptSimulation(dig, parameters, maximumTasks).Play((task, s) =>
        {
            if (task.LocalConfig["store>"] is ConfigMap store)
            {
                return new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult { StoreParams = store });
            }

            if (probeOnly is null || task.FullName == probeOnly)
            {
                seen[task.FullName] = s.Machine.ParametersOf(task.Id);
            }

            return null;
        });
        return seen;
    }
}
