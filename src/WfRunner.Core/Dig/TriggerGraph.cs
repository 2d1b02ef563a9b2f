namespace WfRunner.Core.Dig;

/// <summary>Which workflows start which ones by triggers.</summary>
public static class TriggerGraph
{
    /// <summary>Finds workflows that would start each other for ever.</summary>
    /// <param name="triggers">Each the workflow that is waited for, and the one that it starts.</param>
    /// <returns>A way from a workflow back to itself, which stands at both ends; null when there is none.</returns>
    public static IReadOnlyList<QualifiedWorkflow>? FindCycle(IEnumerable<(QualifiedWorkflow Upstream, QualifiedWorkflow Downstream)> triggers)
    {
        // A workflow waits for one other at most, so that from each there is one way up, which ends or comes back.
        var upstreams = triggers.ToDictionary(t => t.Downstream, t => t.Upstream);
        var known = new HashSet<QualifiedWorkflow>();
        foreach (var start in upstreams.Keys)
        {
            var way = new Dictionary<QualifiedWorkflow, int>();
            for (var at = start; known.Add(at) && upstreams.TryGetValue(at, out var next); at = next)
            {
                way.Add(at, way.Count);
                if (way.TryGetValue(next, out var first))
                {
                    // From up to down, as things start.
                    return [.. way.Where(w => w.Value >= first).OrderBy(w => w.Value).Select(w => w.Key).Append(next).Reverse()];
                }
            }
        }

        return null;
    }
}
