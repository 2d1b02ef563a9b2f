using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Attempts;

/// <summary>Makes the tasks of a new attempt inside the transaction that stores it; pure.</summary>
/// <param name="attempt">The attempt with its ids.</param>
/// <param name="nextTaskId">Hands out ascending ids; stays usable afterwards, as one of <see cref="IAttemptStore.OpenTaskIds"/> does.</param>
/// <returns>The tasks, root first.</returns>
public delegate IEnumerable<TaskRecord> TaskPlan(StoredAttempt attempt, Func<TaskId> nextTaskId);
