using WfRunner.Core;

namespace WfRunner.Storage.Attempts;

/// <summary>Another node has the attempt; nothing was saved.</summary>
public sealed class LeaseLostException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="lease">The lease that is gone.</param>
    public LeaseLostException(AttemptLease lease)
        : base(FailureKind.IllegalState, $"Attempt {lease?.AttemptId} is run by another node now (token {lease?.Token} is out of date)")
    {
    }
}
