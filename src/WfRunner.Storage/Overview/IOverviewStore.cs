using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Schedules;

namespace WfRunner.Storage.Overview;

/// <summary>Numbers and lists that people look at to see how a server is doing. Nothing is decided by them.</summary>
public interface IOverviewStore
{
    /// <summary>Counts a tenant's attempts.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="failedSince">From when on failures count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The numbers.</returns>
    Task<AttemptCounts> CountAttemptsAsync(int siteId, Instant failedSince, CancellationToken cancellationToken);

    /// <summary>Counts a tenant's enabled schedules whose run time has passed.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="before">Run times before this count.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number.</returns>
    Task<long> CountDueSchedulesAsync(int siteId, Instant before, CancellationToken cancellationToken);

    /// <summary>Lists a tenant's enabled schedules, the next one to run first.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The schedules.</returns>
    Task<IReadOnlyList<StoredSchedule>> ListNextSchedulesAsync(int siteId, int count, CancellationToken cancellationToken);

    /// <summary>Lists the nodes that have leases now, by name.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The nodes.</returns>
    Task<IReadOnlyList<NodeLoad>> ListNodesAsync(CancellationToken cancellationToken);

    /// <summary>Lists the attempts that nodes have leases of, the oldest first.</summary>
    /// <param name="count">The most to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The attempts.</returns>
    Task<IReadOnlyList<HeldAttempt>> ListHeldAsync(int count, CancellationToken cancellationToken);

    /// <summary>Lists a tenant's unfinished attempts that no node has, the oldest first.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The attempts.</returns>
    Task<IReadOnlyList<QueuedAttempt>> ListQueuedAsync(int siteId, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Lists how long tasks took in the last successful runs of a workflow: of the 50 sessions before a session time, the latest ones
    /// whose last attempt succeeded. At most 50,000 tasks.
    /// </summary>
    /// <param name="project">The project.</param>
    /// <param name="workflow">Name of the workflow.</param>
    /// <param name="before">Sessions before this time count.</param>
    /// <param name="runs">The most runs to look at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tasks that succeeded, in no order.</returns>
    Task<IReadOnlyList<TaskDuration>> ListTaskDurationsAsync(
        ProjectId project, string workflow, Instant before, int runs, CancellationToken cancellationToken);

    /// <summary>The version of the tables.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of migrations that were applied.</returns>
    Task<long> SchemaVersionAsync(CancellationToken cancellationToken);
}
