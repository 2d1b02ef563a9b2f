using WfRunner.Core;

namespace WfRunner.Storage;

/// <summary>
/// The database cannot be reached or does not answer at the moment. Nothing was stored, or, when the connection broke during the
/// commit, it is unknown whether it was; the same call later gives a definite answer.
/// </summary>
public sealed class StoreUnavailableException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="message">Which database, and what is wrong.</param>
    /// <param name="cause">What the driver reported.</param>
    public StoreUnavailableException(string message, Exception? cause = null)
        : base(FailureKind.Database, message, null, cause)
    {
    }
}
