using WfRunner.Core.Engine;

namespace WfRunner.Server.Attempts;

/// <summary>Which tasks of an earlier attempt count as done in a new one. Digdag behaviour: engine 15.1, with its gaps closed.</summary>
internal static class ResumedTasks
{
    /// <summary>
    /// The tasks by full name. After a group retry a name stands several times: the newest round counts, and only if it succeeded.
    /// </summary>
    public static Dictionary<string, TaskRecord> ByName(IEnumerable<TaskRecord> tasks) => tasks
        .GroupBy(t => t.FullName, StringComparer.Ordinal)
        .Select(g => g.MaxBy(t => t.Id)!)
        .Where(t => t.State == TaskState.Success)
        .ToDictionary(t => t.FullName, StringComparer.Ordinal);
}
