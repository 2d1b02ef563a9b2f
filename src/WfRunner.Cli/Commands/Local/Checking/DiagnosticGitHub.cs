using System.Globalization;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Cli.Commands.Local.Checking;

/// <summary>Findings as annotations of GitHub Actions: one workflow command a line.</summary>
internal static class DiagnosticGitHub
{
    /// <summary>The lines.</summary>
    /// <param name="project">The findings.</param>
    public static string Write(ReportedProject project) =>
        string.Concat(project.Report.Diagnostics.Select(d => Line(project, d) + "\n"));

    private static string Line(ReportedProject project, Diagnostic finding)
    {
        var level = finding.Severity == DiagnosticSeverity.Note ? "notice" : ReportedProject.Word(finding.Severity);
        var place = finding.Span is { } span
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"file={Property(project.PathOf(span))},line={span.Line},col={span.Column},endLine={span.EndLine},endColumn={span.EndColumn},")
            : string.Empty;
        return $"::{level} {place}title={Property($"{finding.Rule.Code}{project.TargetsOf(finding)} {finding.Rule.Title}")}::{Text($"{finding.Message}\n{finding.Advice}")}";
    }

    private static string Text(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Text(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
