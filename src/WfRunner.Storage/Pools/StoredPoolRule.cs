using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Pools;

/// <summary>A rule that sends attempts to a pool.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Priority">Unique in its tenant; of the rules that match, the one with the smallest wins.</param>
/// <param name="Conditions">All must hold.</param>
public sealed record StoredPoolRule(long Id, PoolId Pool, int Priority, IReadOnlyList<PoolCondition> Conditions)
{
    /// <summary>Whether an attempt is one of those that it is for.</summary>
    /// <param name="project">Name of the project.</param>
    /// <param name="workflow">Name of the workflow.</param>
    /// <param name="invocation">How the attempt comes to be.</param>
    /// <returns>Whether all conditions hold.</returns>
    public bool Matches(string project, string workflow, Invocation invocation)
    {
        return Conditions.All(c => c.Values.Any(v => Holds(c.Type, v)));

        bool Holds(PoolConditionType type, string value) => type switch
        {
            PoolConditionType.ProjectName => project.StartsWith(value, StringComparison.Ordinal),
            PoolConditionType.WorkflowName => workflow.StartsWith(value, StringComparison.Ordinal),
            PoolConditionType.InvocationType => value == (invocation == Invocation.Scheduled ? "scheduled" : "on_demand"),
            _ => false,
        };
    }
}
