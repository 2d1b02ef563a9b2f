using NodaTime;

namespace WfRunner.Storage.Maintenance;

/// <summary>What a server looks after besides running attempts: those that take too long, and those that are over for long.</summary>
public interface IMaintenanceStore
{
    /// <summary>
    /// Lists unfinished attempts that nobody asked to stop yet and that are too old, or have a task that began too long ago and runs, or
    /// waits for its next try. Oldest first. Digdag behaviour: engine 17.
    /// </summary>
    /// <param name="attemptsBefore">Attempts created before this are too old.</param>
    /// <param name="tasksBefore">Tasks that began before this take too long.</param>
    /// <param name="count">The most attempts to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The attempts; one that is too old itself has no tasks listed.</returns>
    Task<IReadOnlyList<OverdueAttempt>> ListOverdueAsync(
        Instant attemptsBefore, Instant tasksBefore, int count, CancellationToken cancellationToken);

    /// <summary>When the first of the unfinished attempts, and the first of their tasks, will be overdue; what starts later is due later.</summary>
    /// <param name="attemptTime">How old an attempt may get.</param>
    /// <param name="taskTime">How long a task may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The time, or null when nothing runs.</returns>
    Task<Instant?> NextOverdueAsync(Duration attemptTime, Duration taskTime, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes sessions whose attempts all ended before a time, with everything of them but their logs. While an attempt runs that
    /// counts tasks of another as done, nothing is deleted.
    /// </summary>
    /// <param name="before">The time.</param>
    /// <param name="count">The most sessions to delete at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were deleted.</returns>
    Task<int> DeleteFinishedAsync(Instant before, int count, CancellationToken cancellationToken);
}
