using System.Text;
using NodaTime;
using WfRunner.Cli.Rendering;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Tasks as a tree: own names indented below their parents, with states and times.</summary>
internal static class TaskTreeText
{
    /// <summary>The lines.</summary>
    /// <param name="tasks">The tasks, each behind its parent.</param>
    /// <param name="now">The moment, for tasks that run.</param>
    public static string Of(IReadOnlyList<TaskView> tasks, Instant now)
    {
        var rows = tasks.Select(t => (Name: IndentedName(t, tasks), t.State, Time: TimeOf(t, now))).ToList();
        var width = rows.Count == 0 ? 0 : rows.Max(r => TerminalText.Width(r.Name));
        var stateWidth = rows.Count == 0 ? 0 : rows.Max(r => r.State.Length);
        var text = new StringBuilder();
        foreach (var (name, state, time) in rows)
        {
            text.Append($"{TerminalText.Fit(name, width)}  {TerminalText.Fit(state, stateWidth)}  {time}".TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The own name of a task, indented by its depth.</summary>
    /// <param name="task">The task.</param>
    /// <param name="tasks">All tasks.</param>
    public static string IndentedName(TaskView task, IReadOnlyList<TaskView> tasks)
    {
        var byId = tasks.ToDictionary(t => t.Id);
        var depth = 0;
        for (var at = task; at.ParentId is { } id && byId.TryGetValue(id, out var parent) && depth < tasks.Count; at = parent)
        {
            depth++;
        }

        var own = task.ParentId is { } direct && byId.TryGetValue(direct, out var above) && task.FullName.StartsWith(above.FullName, StringComparison.Ordinal)
            ? task.FullName[above.FullName.Length..]
            : task.FullName;
        return new string(' ', 2 * depth) + own;
    }

    private static string TimeOf(TaskView task, Instant now) =>
        task.StartedAt is { } start ? TerminalText.Time(Duration.Max((TaskSpan.IsEnd(task.State) ? task.UpdatedAt : now) - start, Duration.Zero)) : string.Empty;
}
