using NodaTime;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>The time that a task, or a group with everything below it, took so far.</summary>
/// <param name="Task">The task.</param>
/// <param name="Start">When it started; null before that.</param>
/// <param name="End">When it ended; null while it runs.</param>
internal sealed record TaskSpan(TaskView Task, Instant? Start, Instant? End)
{
    private static readonly string[] Ends = ["success", "error", "group_error", "canceled"];

    /// <summary>Whether a state is one that a task keeps.</summary>
    /// <param name="state">The state.</param>
    public static bool IsEnd(string state) => Ends.Contains(state);

    /// <summary>The spans of all tasks, in their order. Servers tell no start of groups: it is that of their first task.</summary>
    /// <param name="tasks">The tasks.</param>
    public static IReadOnlyList<TaskSpan> Of(IReadOnlyList<TaskView> tasks)
    {
        var children = tasks.ToLookup(t => t.ParentId);
        var starts = new Dictionary<long, Instant?>();
        foreach (var task in tasks.Reverse())
        {
            Instant?[] known = [task.StartedAt, .. children[task.Id].Select(c => starts.GetValueOrDefault(c.Id))];
            starts[task.Id] = known.Min();
        }

        return [.. tasks.Select(t => new TaskSpan(t, starts[t.Id], IsEnd(t.State) && starts[t.Id] is not null ? t.UpdatedAt : null))];
    }
}
