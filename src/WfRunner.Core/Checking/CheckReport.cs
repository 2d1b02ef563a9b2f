using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking;

/// <summary>What was found in a project.</summary>
/// <param name="Workflows">The workflows, by name.</param>
/// <param name="Diagnostics">The findings, by file, line and column; those of the project as a whole come first.</param>
public sealed record CheckReport(IReadOnlyList<CheckedWorkflow> Workflows, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>One report of several about the same project: a finding that targets share is told once, with all of them.</summary>
    /// <param name="reports">The reports, at least one.</param>
    /// <returns>The report.</returns>
    public static CheckReport Merge(IReadOnlyList<CheckReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        return reports.Count == 1
            ? reports[0]
            : new CheckReport(
                [.. reports[0].Workflows.Select((w, i) => reports.Select(r => r.Workflows[i]).FirstOrDefault(o => o.Tasks is not null) ?? w)],
                [
                    .. ProjectChecker.Ordered(reports.SelectMany(r => r.Diagnostics)
                        .GroupBy(d => (d.Rule, d.Span, d.Message, d.Severity))
                        .Select(g => g.First() with { Targets = [.. g.SelectMany(d => d.Targets).Distinct()] })),
                ]);
    }

    /// <summary>How many findings there are of a severity.</summary>
    /// <param name="severity">The severity.</param>
    /// <returns>The number.</returns>
    public int Count(DiagnosticSeverity severity) => Diagnostics.Count(d => d.Severity == severity);
}
