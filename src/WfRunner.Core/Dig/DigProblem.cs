
namespace WfRunner.Core.Dig;

/// <summary>Something wrong in a definition, found while loading or compiling it.</summary>
/// <param name="Code">Stable code such as <c>WF0203</c>, for people and for CI.</param>
/// <param name="Kind">Kind of the failure it causes.</param>
/// <param name="Message">What is wrong, in Digdag's words where it has some.</param>
/// <param name="Span">Where; null when the definition did not come from a file.</param>
public sealed record DigProblem(string Code, FailureKind Kind, string Message, SourceSpan? Span)
{
    /// <summary>The failure to throw for this problem.</summary>
    /// <returns>An exception with the same kind, message and place.</returns>
    public WorkflowException ToException() =>
        Kind == FailureKind.Config ? new ConfigException(Message, Span) : new WorkflowException(Kind, Message, Span);
}
