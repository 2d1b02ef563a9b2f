using System.Globalization;
using System.Text;
using NodaTime;
using WfRunner.Cli.Rendering;
using WfRunner.Core.Engine;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary>The table at the end of a run: what ran, how long, what was skipped.</summary>
internal static class RunTable
{
    // A loop of thousands says nothing row by row; what failed is always told.
    private const int MostRows = 40;

    /// <summary>The table.</summary>
    /// <param name="tasks">The run's tasks.</param>
    /// <param name="took">How long the whole run took.</param>
    /// <param name="colored">Whether states are coloured.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(IReadOnlyList<TaskProgress> tasks, Duration took, bool colored, int width)
    {
        var rows = tasks.Where(t => !t.IsGroup).ToList();
        var shown = rows.Count <= MostRows ? rows : [.. rows.Where(t => t.State is TaskState.Error or TaskState.Canceled).Take(MostRows)];
        var text = new StringBuilder();
        var nameWidth = Math.Min(Math.Max(20, width - 24), shown.Select(t => TerminalText.Width(t.FullName)).DefaultIfEmpty(0).Max());
        foreach (var task in shown)
        {
            var (word, color) = Word(task);
            text.Append("  ").Append(TerminalText.Painted(word.PadRight(9), color, colored)).Append(' ')
                .Append(TerminalText.Fit(task.FullName, nameWidth)).Append("  ")
                .Append(task.IsSkipped || task.Took is not { } time ? string.Empty : TerminalText.Time(time)).Append('\n');
        }

        if (shown.Count < rows.Count)
        {
            text.Append(CultureInfo.InvariantCulture, $"  ... {rows.Count - shown.Count} further tasks\n");
        }

        var parts = rows.GroupBy(t => Word(t).Word).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Count()} {g.Key}");
        return text.Append(CultureInfo.InvariantCulture, $"  {string.Join(", ", parts)} in {TerminalText.Time(took)}\n").ToString();
    }

    private static (string Word, string Color) Word(TaskProgress task) => task switch
    {
        { IsSkipped: true } => ("skipped", "36"),
        { State: TaskState.Success } => ("success", "32"),
        { State: TaskState.Error or TaskState.GroupError } => ("failed", "31"),
        { State: TaskState.Canceled } => ("canceled", "33"),
        _ => ("not run", "2"),
    };
}
