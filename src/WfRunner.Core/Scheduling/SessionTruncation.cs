using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// The ways in which a session time is truncated: the values of <c>mode</c> of <c>truncated_session_time</c>. Digdag behaviour:
/// schedules 11.3.
/// </summary>
public sealed class SessionTruncation
{
    private readonly Func<Instant, DateTimeZone, IScheduler?, Instant> _apply;

    private SessionTruncation(string name, Func<Instant, DateTimeZone, IScheduler?, Instant> apply)
    {
        Name = name;
        _apply = apply;
    }

    /// <summary>Start of the hour in the workflow's zone.</summary>
    public static SessionTruncation Hour { get; } = new("hour", static (time, zone, _) => StartOfHour(time, zone));

    /// <summary>Start of the day in the workflow's zone; its first instant where midnight does not exist.</summary>
    public static SessionTruncation Day { get; } = new("day", static (time, zone, _) => zone.AtStartOfDay(time.InZone(zone).Date).ToInstant());

    /// <summary>The session time of the schedule's first entry whose run time is not before the time.</summary>
    public static SessionTruncation Schedule { get; } = new("schedule", static (time, _, scheduler) => Required(scheduler?.FirstScheduleTime(time)));

    /// <summary>The session time of the schedule's entry behind the time.</summary>
    public static SessionTruncation NextSchedule { get; } = new("next_schedule", static (time, _, scheduler) => Required(scheduler?.NextScheduleTime(time)));

    /// <summary>The word in requests.</summary>
    public string Name { get; }

    private bool NeedsSchedule => this == Schedule || this == NextSchedule;

    /// <summary>Finds a way by its word.</summary>
    /// <param name="name">The word.</param>
    /// <returns>The way; null when there is none of that name.</returns>
    public static SessionTruncation? Named(string name) =>
        new[] { Hour, Day, Schedule, NextSchedule }.FirstOrDefault(t => t.Name == name);

    /// <summary>Truncates a time.</summary>
    /// <param name="time">The time.</param>
    /// <param name="zone">The workflow's zone.</param>
    /// <param name="scheduler">The workflow's schedule; null when it has none.</param>
    /// <returns>The session time.</returns>
    /// <exception cref="WorkflowException">The way needs a schedule and there is none, or the schedule has no such entry.</exception>
    public Instant Apply(Instant time, DateTimeZone zone, IScheduler? scheduler)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return NeedsSchedule && scheduler is null
            ? throw new WorkflowException(
                FailureKind.IllegalArgument, $"session_time_truncate={Name} is set but schedule is not set to this workflow")
            : _apply(time, zone, scheduler);
    }

    // The offset in force is kept where it still holds, so that both passes of a repeated hour have a start of their own.
    private static Instant StartOfHour(Instant time, DateTimeZone zone)
    {
        var now = time.InZone(zone);
        var local = now.Date.At(new LocalTime(now.Hour, 0));
        var start = local.WithOffset(now.Offset).ToInstant();
        return zone.GetUtcOffset(start) == now.Offset ? start : SessionTimeArgument.Resolve(local, zone);
    }

    private static Instant Required(ScheduleTime? entry) =>
        entry?.Time ?? throw new WorkflowException(FailureKind.IllegalArgument, "the schedule has no entry any more");
}
