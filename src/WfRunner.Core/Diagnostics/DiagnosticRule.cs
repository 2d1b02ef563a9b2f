
namespace WfRunner.Core.Diagnostics;

/// <summary>A kind of finding. Codes are stable: they are never given another meaning, so that CI can name them.</summary>
/// <param name="Code">For example <c>WF0101</c>. The hundreds tell the subject; 07 is kept for rules that differ by target.</param>
/// <param name="Severity">How serious a finding of this kind is, at most.</param>
/// <param name="Title">A few words, for lists.</param>
/// <param name="Explanation">What the rule finds and why it matters, for <c>wf check --explain</c> and the documentation.</param>
/// <param name="Advice">What to do, in one sentence, unless a finding knows better.</param>
public sealed record DiagnosticRule(string Code, DiagnosticSeverity Severity, string Title, string Explanation, string Advice)
{
    /// <summary>How serious it is for each target, when they differ; null when it is the same for all.</summary>
    public TargetSeverities? ByTarget { get; init; }

    /// <summary>How serious a finding is for a target.</summary>
    /// <param name="target">The target.</param>
    /// <returns>The severity; null when it is nothing to tell there.</returns>
    public DiagnosticSeverity? SeverityFor(Target target) => ByTarget is { } severities ? severities.For(target) : Severity;

    /// <summary>The severity in words, with the targets where they differ: <c>error for td, warning for digdag and wf</c>.</summary>
    public string SeverityText => ByTarget?.ToString() ?? Severity.ToString().ToLowerInvariant();
}
