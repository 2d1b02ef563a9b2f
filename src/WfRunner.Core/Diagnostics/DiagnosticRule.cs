namespace WfRunner.Core.Diagnostics;

/// <summary>A kind of finding. Codes are stable: they are never given another meaning, so that CI can name them.</summary>
/// <param name="Code">For example <c>WF0101</c>. The hundreds tell the subject; 07 is kept for rules of the hosted service.</param>
/// <param name="Severity">How serious a finding of this kind is.</param>
/// <param name="Title">A few words, for lists.</param>
/// <param name="Explanation">What the rule finds and why it matters, for <c>wf check --explain</c> and the documentation.</param>
/// <param name="Advice">What to do, in one sentence, unless a finding knows better.</param>
public sealed record DiagnosticRule(string Code, DiagnosticSeverity Severity, string Title, string Explanation, string Advice);
