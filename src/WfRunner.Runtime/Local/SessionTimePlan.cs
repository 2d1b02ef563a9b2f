using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Scheduling;

namespace WfRunner.Runtime.Local;

/// <summary>The session time of a local run, and the line that tells how it was found.</summary>
/// <param name="Time">The session time.</param>
/// <param name="Notice">A WARN line; null when the user named the time.</param>
public sealed record SessionTimePlan(Instant Time, string? Notice)
{
    private static readonly LocalDateTimePattern DateAndTime = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss");
    private static readonly LocalDatePattern Date = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");

    /// <summary>Plans the session time. Digdag behaviour: cli-local 8.5.</summary>
    /// <param name="argument">The value of <c>--session</c>; <c>last</c> unless given.</param>
    /// <param name="zone">The workflow's zone.</param>
    /// <param name="scheduler">The workflow's schedule; null when it has none.</param>
    /// <param name="lastSession">The greatest session time that was run before; null when there is none.</param>
    /// <param name="now">The time now.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="WorkflowException">The argument has no meaning.</exception>
    public static SessionTimePlan Of(string argument, DateTimeZone zone, IScheduler? scheduler, Instant? lastSession, Instant now)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var local = now.InZone(zone).LocalDateTime;
        switch (argument)
        {
            case "hourly":
                return new(Resolve(local.Date + new LocalTime(local.Hour, 0), zone), null);
            case "daily":
                return new(zone.AtStartOfDay(local.Date).ToInstant(), null);
            case "schedule":
                return scheduler is null
                    ? throw new WorkflowException(
                        FailureKind.TaskExecution, "--session schedule is set but schedule is not set to this workflow.")
                    : new(scheduler.LastScheduleTime(now).Time, null);
            case "last":
                return Last(zone, scheduler, lastSession, now);
            default:
                return new(Parse(argument, zone), null);
        }
    }

    private static SessionTimePlan Last(DateTimeZone zone, IScheduler? scheduler, Instant? lastSession, Instant now)
    {
        if (lastSession is { } last)
        {
            return new(last, $"Reusing the last session time {SessionTimeText.Iso(last, zone)}.");
        }

        if (scheduler is not null)
        {
            var scheduled = scheduler.LastScheduleTime(now).Time;
            return new(scheduled, $"Using a new session time {SessionTimeText.Iso(scheduled, zone)} based on schedule.");
        }

        var today = zone.AtStartOfDay(now.InZone(zone).Date).ToInstant();
        return new(today, $"Using a new session time {SessionTimeText.Iso(today, zone)}.");
    }

    private static Instant Parse(string argument, DateTimeZone zone)
    {
        if (DateAndTime.Parse(argument) is { Success: true } time)
        {
            return Resolve(time.Value, zone);
        }

        return Date.Parse(argument) is { Success: true } date
            ? zone.AtStartOfDay(date.Value).ToInstant()
            : throw new ConfigException(
                $"--session must be hourly, daily, last, \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {argument}");
    }

    // In a gap the time moves forward by the gap, in an overlap the earlier offset counts: as Java resolves local times.
    private static Instant Resolve(LocalDateTime local, DateTimeZone zone) =>
        zone.ResolveLocal(local, NodaTime.TimeZones.Resolvers.LenientResolver).ToInstant();
}
