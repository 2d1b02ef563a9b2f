
namespace WfRunner.Core.Diagnostics;

/// <summary>Something found in a project.</summary>
/// <param name="Rule">Its kind.</param>
/// <param name="Span">Where; null for the project as a whole.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Advice">What to do, in one sentence.</param>
public sealed record Diagnostic(DiagnosticRule Rule, SourceSpan? Span, string Message, string Advice)
{
    /// <summary>How serious it is: as the rule says, or less where it takes effect only when the task runs.</summary>
    public DiagnosticSeverity Severity { get; init; } = Rule?.Severity ?? DiagnosticSeverity.Warning;

    /// <summary>The targets that it concerns; empty when nobody asked about targets.</summary>
    public IReadOnlyList<Target> Targets { get; init; } = [];

    /// <summary>A finding with the rule's own advice.</summary>
    /// <param name="rule">Its kind.</param>
    /// <param name="span">Where.</param>
    /// <param name="message">What is wrong.</param>
    public Diagnostic(DiagnosticRule rule, SourceSpan? span, string message)
        : this(rule, span, message, rule?.Advice ?? throw new ArgumentNullException(nameof(rule)))
    {
    }

    /// <summary>The finding of a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="fallback">Where, if the failure does not know.</param>
    /// <returns>The finding.</returns>
    public static Diagnostic Of(WorkflowException failure, SourceSpan? fallback = null)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var rule = failure.Rule ?? DiagnosticRules.OfKind(failure.Kind);
        var message = failure.Message;
        for (var cause = failure.InnerException; cause is WorkflowException; cause = cause.InnerException)
        {
            message += ": " + cause.Message;
        }

        return new Diagnostic(rule, failure.Span ?? fallback, message, failure.Advice ?? rule.Advice);
    }
}
