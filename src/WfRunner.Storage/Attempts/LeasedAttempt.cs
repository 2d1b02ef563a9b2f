using WfRunner.Core.Engine;

namespace WfRunner.Storage.Attempts;

/// <summary>An unfinished attempt that this node may run now.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Lease">The right to run it.</param>
/// <param name="Tasks">Its tasks, ids ascending; none when it was only announced so far.</param>
/// <param name="ResumedTasks">The tasks of earlier attempts that count as done in it.</param>
public sealed record LeasedAttempt(
    StoredAttempt Attempt, AttemptLease Lease, IReadOnlyList<TaskRecord> Tasks, IReadOnlyList<TaskRecord> ResumedTasks);
