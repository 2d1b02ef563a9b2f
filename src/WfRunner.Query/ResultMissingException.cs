using WfRunner.Core;

namespace WfRunner.Query;

/// <summary>A job has no result, because its statement gives none (<c>INSERT</c>, <c>CREATE</c>).</summary>
/// <param name="message">What the service says.</param>
/// <param name="inner">The service's answer.</param>
public sealed class ResultMissingException(string message, Exception? inner = null)
    : QueryServiceException(FailureKind.TdClientHttpNotFound, message, isPermanent: true, inner);
