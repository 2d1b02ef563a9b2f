using System.Globalization;
using System.Text;
using WfRunner.Cli.Rendering;
using WfRunner.Core;
using WfRunner.Core.Diagnostics;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Projects;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>Findings for people: the place, the words, the source line with a caret, and what to do.</summary>
/// <param name="project">The findings.</param>
/// <param name="refusal">What is printed behind the findings, if the project is refused.</param>
/// <param name="colored">Whether the words are coloured by severity.</param>
internal sealed class DiagnosticText(ReportedProject project, DigdagRefusal? refusal, bool colored)
{
    private const int MostForetold = 10;

    private readonly Dictionary<string, string[]> _lines = new(StringComparer.Ordinal);

    /// <summary>Writes the findings and a line that counts them; nothing when there are none.</summary>
    /// <param name="writer">Where.</param>
    public void Write(TextWriter writer)
    {
        foreach (var finding in project.Report.Diagnostics)
        {
            writer.Write(Describe(finding));
        }

        WriteNextRuns(writer);
        if (project.Report.Diagnostics.Count > 0)
        {
            writer.Write(Counts() + "\n");
        }
    }

    // In the workflow's own zone; where there are many schedules, only of those that something was found about.
    private void WriteNextRuns(TextWriter writer)
    {
        var scheduled = project.Report.Workflows.Where(w => w.NextRuns.Count > 0).ToList();
        if (scheduled.Count > MostForetold)
        {
            var doubtful = project.Report.Diagnostics.Where(d => d.Rule.Code.StartsWith("WF06", StringComparison.Ordinal)).Select(d => d.Span?.File).ToHashSet();
            scheduled = scheduled.FindAll(w => doubtful.Contains(w.File));
        }

        foreach (var workflow in scheduled)
        {
            var zone = workflow.Definition!.TimeZone;
            writer.Write($"Next runs of {workflow.Name} ({zone.Id}):\n");
            foreach (var run in workflow.NextRuns)
            {
                var session = run.Time == run.RunTime ? string.Empty : $"  session {DigdagTimestamp.Format(run.Time.InZone(zone))}";
                writer.Write($"  {DigdagTimestamp.Format(run.RunTime.InZone(zone))}{session}\n");
            }

            writer.Write("\n");
        }
    }

    private string Describe(Diagnostic finding)
    {
        var text = new StringBuilder();
        var place = finding.Span is { } span ? $"{project.PathOf(span)}:{Number(span.Line)}:{Number(span.Column)}: " : string.Empty;
        var color = finding.Severity switch
        {
            DiagnosticSeverity.Error => "31",
            DiagnosticSeverity.Warning => "33",
            _ => "36",
        };
        text.Append(Painted("1", place))
            .Append(Painted(color + ";1", $"{ReportedProject.Word(finding.Severity)} {finding.Rule.Code}"))
            .Append(project.TargetsOf(finding))
            .Append(": ").Append(refusal?.Says(finding.Message) == true ? finding.Rule.Title : finding.Message).Append('\n');
        if (finding.Span is { } at)
        {
            AppendSource(text, at, color);
        }

        return text.Append("  ").Append(finding.Advice).Append("\n\n").ToString();
    }

    private void AppendSource(StringBuilder text, SourceSpan span, string color)
    {
        if (Line(span) is not { Length: > 0 } line || span.Column > line.Length + 1)
        {
            return;
        }

        var number = Number(span.Line);
        var margin = new string(' ', number.Length);
        var last = span.EndLine == span.Line ? Math.Min(span.EndColumn - 1, line.Length) : line.TrimEnd().Length;
        var before = line[..(span.Column - 1)];
        var marked = line[(span.Column - 1)..Math.Max(span.Column - 1, last)];
        text.Append("  ").Append(number).Append(" | ").Append(line).Append('\n')
            .Append("  ").Append(margin).Append(" | ").Append(Blank(before))
            .Append(Painted(color, new string('^', Math.Max(1, TerminalText.Width(marked))))).Append('\n');
    }

    private string? Line(SourceSpan span)
    {
        if (!_lines.TryGetValue(span.File, out var lines))
        {
            lines = LinesOf(Path.GetFullPath(span.File, project.Directory));
            _lines.Add(span.File, lines);
        }

        // A line of a machine's making would hide everything else.
        const int longest = 300;
        return span.Line <= lines.Length && lines[span.Line - 1].TrimEnd('\r') is { Length: <= longest } line ? line : null;
    }

    private string[] LinesOf(string path)
    {
        try
        {
            using var text = new StreamReader(new MemoryStream(new ProjectFiles(project.Directory).Read(path) ?? []));
            return text.ReadToEnd().Split('\n');
        }
        catch (WorkflowException)
        {
            // That it cannot be read is the finding.
            return [];
        }
    }

    // TABs stay, so that the caret stands where the terminal puts the character.
    private static string Blank(string text)
    {
        var blank = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value == '\t' ? blank.Append('\t') : blank.Append(' ', TerminalText.Width(rune.ToString()));
        }

        return blank.ToString();
    }

    private string Counts() => string.Join(
        ", ",
        from severity in (DiagnosticSeverity[])[DiagnosticSeverity.Error, DiagnosticSeverity.Warning, DiagnosticSeverity.Note]
        let count = project.Report.Count(severity)
        where count > 0
        select $"{Number(count)} {ReportedProject.Word(severity)}{(count == 1 ? string.Empty : "s")}");

    private string Painted(string color, string text) => text.Length == 0 ? text : TerminalText.Painted(text, color, colored);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
