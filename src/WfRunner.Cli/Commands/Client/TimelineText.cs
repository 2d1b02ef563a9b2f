using System.Text;
using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Rendering;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Draws when the tasks of an attempt ran: as bars on a terminal, as rows elsewhere.</summary>
/// <param name="context">The clock and the zone.</param>
internal sealed class TimelineText(CommandContext context)
{
    private const int WidestName = 40;
    private const int NarrowestBar = 10;
    private const int TailWidth = 26;

    /// <summary>One bar a task, from the start of the attempt on the left to its end, or now, on the right.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="colored">Whether bars are coloured.</param>
    public IReadOnlyList<string> Bars(IReadOnlyList<TaskView> tasks, int width, bool colored)
    {
        var now = context.Clock.GetCurrentInstant();
        var spans = TaskSpan.Of(tasks);
        var names = spans.Select(s => TaskTreeText.IndentedName(s.Task, tasks)).ToList();
        var nameWidth = Math.Min(WidestName, names.Count == 0 ? 0 : names.Max(TerminalText.Width));
        var barWidth = Math.Max(NarrowestBar, width - nameWidth - TailWidth);
        var from = spans.Min(s => s.Start) ?? now;
        var to = Instant.Max(spans.Any(s => s.Start is not null && s.End is null) ? now : spans.Max(s => s.End) ?? now, from + Duration.FromMilliseconds(1));
        return [.. spans.Select((s, i) => Line(s, names[i], nameWidth, barWidth, from, to, now, colored))];
    }

    /// <summary>One row a task: full name, start, end, state, with two blanks between them.</summary>
    /// <param name="spans">The tasks.</param>
    public string Rows(IEnumerable<TaskSpan> spans)
    {
        var text = new StringBuilder();
        foreach (var span in spans)
        {
            text.Append($"{span.Task.FullName}  {Time(span.Start)}  {Time(span.End)}  {span.Task.State}\n");
        }

        return text.ToString();
    }

    private string Time(Instant? time) => time is null ? "-" : ClientTime.ToLocal(time, context);

    private static string Line(TaskSpan span, string name, int nameWidth, int barWidth, Instant from, Instant to, Instant now, bool colored)
    {
        var bar = new string(' ', barWidth);
        var time = string.Empty;
        if (span.Start is { } start)
        {
            var end = span.End ?? now;
            var left = Math.Min(Column(start), barWidth - 1);
            var length = Math.Max(1, Column(end) - left);
            bar = new string(' ', left) + TerminalText.Painted(new string('━', length), Color(span.Task.State), colored) + new string(' ', barWidth - left - length);
            time = TerminalText.Time(Duration.Max(end - start, Duration.Zero));
        }

        return $"{TerminalText.Fit(name, nameWidth)} {bar} {TerminalText.Fit(time, 8)} {TerminalText.Cut(span.Task.State, TailWidth - 12)}".TrimEnd();

        int Column(Instant at) => Math.Clamp((int)((at - from) / (to - from) * barWidth), 0, barWidth);
    }

    private static string Color(string state) => state switch
    {
        "success" => "32",
        "error" or "group_error" => "31",
        "canceled" => "35",
        _ => "36",
    };
}
