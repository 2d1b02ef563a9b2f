using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;

namespace WfRunner.Storage.Maintenance;

/// <summary>An attempt that takes too long.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Tasks">Those of its tasks that take too long; empty when it is the attempt itself.</param>
public sealed record OverdueAttempt(StoredAttempt Attempt, IReadOnlyList<TaskId> Tasks);
