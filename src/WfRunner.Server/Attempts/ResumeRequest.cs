using WfRunner.Core.Sessions;

namespace WfRunner.Server.Attempts;

/// <summary>Which tasks of an earlier attempt a new one skips.</summary>
/// <param name="Attempt">The earlier attempt.</param>
/// <param name="From">End of the full name of the task to go on from; null skips every task that succeeded.</param>
internal sealed record ResumeRequest(AttemptId Attempt, string? From);
