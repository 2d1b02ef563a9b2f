using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;

namespace WfRunner.Server.Attempts;

/// <summary>Chooses the tasks of an earlier attempt that a new one skips. Pure. Digdag behaviour: engine 15.1, rest-api 7.6.6.</summary>
internal static class ResumePlan
{
    /// <summary>Chooses.</summary>
    /// <exception cref="WorkflowException">The attempt succeeded as a whole, the pattern names no task, or a task before it did not succeed.</exception>
    public static IReadOnlyList<TaskRecord> Choose(IReadOnlyList<TaskRecord> tasks, ResumeRequest request) =>
        request.From is null ? Succeeded(tasks) : Before(tasks, request.From);

    private static List<TaskRecord> Succeeded(IReadOnlyList<TaskRecord> tasks) =>
        tasks.Count > 0 && tasks[0].State == TaskState.Success
            ? throw new WorkflowException(FailureKind.IllegalArgument, "Resuming successfully completed attempts is not supported")
            : [.. tasks.Where(t => t.State == TaskState.Success)];

    private static List<TaskRecord> Before(IReadOnlyList<TaskRecord> tasks, string pattern)
    {
        var compiled = tasks.Select((t, i) => new CompiledTask(i, null, t.FullName, t.FullName, t.IsGroup, t.LocalConfig, [])).ToList();
        var byId = tasks.ToDictionary(t => t.Id);
        var children = tasks.Where(t => t.ParentId is not null).ToLookup(t => t.ParentId!.Value);
        var chosen = new SortedDictionary<TaskId, TaskRecord>();
        TaskRecord? at = tasks[TaskPattern.Parse(pattern).FindIn(compiled).Index];
        while (at is not null)
        {
            AddUpstreams(at);
            at = at.ParentId is { } parent ? byId[parent] : null;
        }

        return chosen.Values.FirstOrDefault(t => t.State != TaskState.Success) is { } unfinished
            ? throw new WorkflowException(
                FailureKind.IllegalArgument,
                string.Create(CultureInfo.InvariantCulture, $"Resuming non-successful tasks is not allowed: task_id={unfinished.Id}"))
            : [.. chosen.Values];

        void AddUpstreams(TaskRecord of)
        {
            foreach (var upstream in of.Upstreams.Select(u => byId[u]))
            {
                if (chosen.TryAdd(upstream.Id, upstream))
                {
                    AddDescendants(upstream);
                    AddUpstreams(upstream);
                }
            }
        }

        void AddDescendants(TaskRecord of)
        {
            foreach (var child in children[of.Id])
            {
                if (chosen.TryAdd(child.Id, child))
                {
                    AddDescendants(child);
                }
            }
        }
    }
}
