using WfRunner.Core;

namespace WfRunner.Runtime.Attempts;

/// <summary>Another node owns the attempt: its lease expired here. Nothing of it may be acted on any more.</summary>
public sealed class AttemptLostException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">Which attempt, and who has it.</param>
    public AttemptLostException(string message)
        : base(FailureKind.IllegalState, message)
    {
    }
}
