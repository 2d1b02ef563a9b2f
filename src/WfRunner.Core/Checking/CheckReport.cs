using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Checking;

/// <summary>What was found in a project.</summary>
/// <param name="Workflows">The workflows, by name.</param>
/// <param name="Diagnostics">The findings, by file, line and column; those of the project as a whole come first.</param>
public sealed record CheckReport(IReadOnlyList<CheckedWorkflow> Workflows, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>How many findings there are of a severity.</summary>
    /// <param name="severity">The severity.</param>
    /// <returns>The number.</returns>
    public int Count(DiagnosticSeverity severity) => Diagnostics.Count(d => d.Severity == severity);
}
