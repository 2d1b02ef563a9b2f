using WfRunner.Core.Diagnostics;

namespace WfRunner.Core;

/// <summary>
/// The one base of every failure that a person is told about. It says what went wrong (<see cref="Exception.Message"/>), of
/// which kind it is, and where in the source it stands when that is known.
/// </summary>
public class WorkflowException : Exception
{
    /// <summary>Creates a failure.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="message">What went wrong, in the words of the specification where it quotes them.</param>
    /// <param name="span">Where, if known.</param>
    /// <param name="inner">The cause, whose message is printed behind <c>&gt; </c>.</param>
    public WorkflowException(FailureKind kind, string message, SourceSpan? span = null, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Span = span;
    }

    /// <summary>Kind of the failure; decides the word in parentheses behind the message.</summary>
    public FailureKind Kind { get; }

    /// <summary>Where in a source file the failure stands; null when unknown.</summary>
    public SourceSpan? Span { get; }

    /// <summary>The rule that the source breaks, when the failure is one of a definition.</summary>
    public DiagnosticRule? Rule { get; init; }

    /// <summary>What to do, when that is more than the rule's own advice.</summary>
    public string? Advice { get; init; }
}
