using WfRunner.Core;

namespace WfRunner.Storage.Attempts;

/// <summary>One of several attempts to announce exists already; none was stored.</summary>
public sealed class AttemptExistsException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="existing">The attempt that is in the way.</param>
    public AttemptExistsException(StoredAttempt existing)
        : base(
            FailureKind.ResourceConflict,
            $"Attempt of project id={existing?.ProjectId} workflow={existing?.WorkflowName} instant={existing?.SessionTime} attempt name={existing?.RetryAttemptName} already exists")
    {
    }
}
