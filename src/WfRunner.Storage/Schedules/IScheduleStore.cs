using NodaTime;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Schedules;

/// <summary>Schedules of workflows. They come and go with pushes.</summary>
public interface IScheduleStore
{
    /// <summary>Finds a schedule.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The schedule.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The schedule or null.</returns>
    Task<StoredSchedule?> FindAsync(int siteId, ScheduleId id, CancellationToken cancellationToken);

    /// <summary>Lists schedules, ids ascending.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="project">Only of this project; null for all.</param>
    /// <param name="workflow">Only of the workflow of this name; null for all.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The schedules.</returns>
    Task<IReadOnlyList<StoredSchedule>> ListAsync(
        int siteId, ProjectId? project, string? workflow, ScheduleId? lastId, int count, CancellationToken cancellationToken);

    /// <summary>Lists enabled schedules that are due, the longest due first.</summary>
    /// <param name="now">The time now.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The schedules.</returns>
    Task<IReadOnlyList<StoredSchedule>> ListDueAsync(Instant now, int count, CancellationToken cancellationToken);

    /// <summary>When the next enabled schedule is due.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The time, or null when there is none.</returns>
    Task<Instant?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Moves a schedule on.</summary>
    /// <param name="move">The move.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it still stood where the move starts.</returns>
    Task<bool> MoveAsync(ScheduleMove move, CancellationToken cancellationToken);

    /// <summary>Disables or enables a schedule.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The schedule.</param>
    /// <param name="disabledAt">When it is disabled; null enables it.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The schedule as it is now, or null.</returns>
    Task<StoredSchedule?> SetDisabledAsync(int siteId, ScheduleId id, Instant? disabledAt, Instant now, CancellationToken cancellationToken);
}
