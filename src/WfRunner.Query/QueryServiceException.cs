using WfRunner.Core;

namespace WfRunner.Query;

/// <summary>
/// The service behind a remote backend refused a request or could not be reached: not the query failed, but the asking. Whoever
/// waits for a job asks again unless <see cref="IsPermanent"/>.
/// </summary>
public class QueryServiceException : WorkflowException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="message">What was asked and what came back, in one line.</param>
    /// <param name="isPermanent">Whether the same request can only fail again.</param>
    /// <param name="inner">The cause.</param>
    public QueryServiceException(FailureKind kind, string message, bool isPermanent, Exception? inner = null)
        : base(kind, message, null, inner) => IsPermanent = isPermanent;

    /// <summary>Whether the same request can only fail again.</summary>
    public bool IsPermanent { get; }
}
