using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// The rule behind a workflow's <c>schedule:</c>. Pure: the same arguments always give the same answer. Digdag behaviour:
/// schedules 5.
/// </summary>
public interface IScheduler
{
    /// <summary>The zone that the rule's local times are in: the workflow's.</summary>
    DateTimeZone TimeZone { get; }

    /// <summary>The entry a schedule starts with when it is created or changed at a moment.</summary>
    /// <param name="now">The moment.</param>
    /// <returns>The first entry, or null when the schedule has none any more.</returns>
    /// <exception cref="WorkflowException">No entry can be found within the search limits.</exception>
    ScheduleTime? FirstScheduleTime(Instant now);

    /// <summary>The entry behind a session time, exclusive.</summary>
    /// <param name="lastScheduleTime">A session time.</param>
    /// <returns>The next entry, or null behind the schedule's end.</returns>
    /// <exception cref="WorkflowException">No entry can be found within the search limits.</exception>
    ScheduleTime? NextScheduleTime(Instant lastScheduleTime);

    /// <summary>The entry before a session time, exclusive.</summary>
    /// <param name="currentScheduleTime">A session time.</param>
    /// <returns>The last entry before it.</returns>
    /// <exception cref="WorkflowException">No entry can be found within the search limits.</exception>
    ScheduleTime LastScheduleTime(Instant currentScheduleTime);
}
