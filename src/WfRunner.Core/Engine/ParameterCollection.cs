using WfRunner.Core.Config;

namespace WfRunner.Core.Engine;

/// <summary>
/// Collects the parameters a task sees from exports of its ancestors and stores of the tasks before it, in Digdag's order
/// (dig-language 8.3, engine 9.2). Because maps are shared and results are cached per task, a long sequence of tasks costs one
/// step a task rather than one walk over all earlier ones.
/// </summary>
internal static class ParameterCollection
{
    /// <summary>Parameters before the task's own export is merged.</summary>
    public static ConfigMap Before(TaskNode task, ConfigMap attemptParams)
    {
        if (task.ParamsBefore is { } known)
        {
            return known;
        }

        // A chain of single upstreams may be very long: walk back to the first known link, then forward, without recursion.
        var chain = new Stack<TaskNode>();
        var link = task;
        while (link.ParamsBefore is null && link.Upstreams.Count == 1)
        {
            chain.Push(link);
            link = link.Upstreams[0];
        }

        var found = link.ParamsBefore ??= FromSiblings(link, attemptParams);
        while (chain.TryPop(out var next))
        {
            found = ApplySubtree(next.Upstreams[0], found);
            next.ParamsBefore = found;
        }

        return found;
    }

    /// <summary>Parameters that the children of a task start from.</summary>
    private static ConfigMap Inside(TaskNode task, ConfigMap attemptParams) =>
        task.ParamsInside ??= ApplyOwnStore(
            task,
            Before(task, attemptParams).Merge(task.Record.ExportConfig.Merge(task.Record.Result.ExportParams)));

    private static ConfigMap FromSiblings(TaskNode task, ConfigMap attemptParams)
    {
        var start = task.Parent is { } parent ? Inside(parent, attemptParams) : attemptParams;
        if (task.Upstreams.Count == 0 || !task.Parent!.HasStores)
        {
            return start;
        }

        var visited = new HashSet<TaskNode>();
        return Visit(task, start);

        ConfigMap Visit(TaskNode node, ConfigMap collected)
        {
            foreach (var upstream in node.Upstreams.OrderBy(u => u.Record.Id))
            {
                if (visited.Add(upstream))
                {
                    collected = ApplySubtree(upstream, Visit(upstream, collected));
                }
            }

            return collected;
        }
    }

    private static ConfigMap ApplySubtree(TaskNode task, ConfigMap collected)
    {
        if (!task.HasStores)
        {
            return collected;
        }

        collected = ApplyOwnStore(task, collected);
        foreach (var child in task.Children)
        {
            collected = ApplySubtree(child, collected);
        }

        return collected;
    }

    private static ConfigMap ApplyOwnStore(TaskNode task, ConfigMap collected)
    {
        var result = task.Record.Result;
        foreach (var path in result.ResetStoreParams)
        {
            collected = collected.WithoutPath(path.Split('.'));
        }

        return collected.Merge(result.StoreParams);
    }
}
