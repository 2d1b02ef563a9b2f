using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A request to start an attempt.</summary>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="SessionTime">The session time in ISO form with offset.</param>
/// <param name="RetryAttemptName">Name of a retry; null for the unnamed attempt.</param>
/// <param name="Resume">Which tasks to skip; null for none.</param>
/// <param name="Params">Parameters.</param>
public sealed record AttemptStart(long WorkflowId, string SessionTime, string? RetryAttemptName, ConfigMap? Resume, ConfigMap Params)
{
    /// <summary>
    /// Whether the name of the retry was made up for this request, so that an attempt of that name can only be its own.
    /// </summary>
    public bool HasNameOfItsOwn { get; init; }

    /// <summary>Whether the attempt may wait while its pool is full; null where the server does not know the question.</summary>
    public bool? AllowQueueing { get; init; }
}
