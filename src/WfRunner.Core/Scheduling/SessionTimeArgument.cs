using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// The <c>--session</c> arguments of <c>run</c> and <c>start</c>. Pure: the time now, the zone, the schedule and the last session
/// are handed in. Digdag behaviour: cli-local 8.5, schedules 11.1 and 11.2.
/// </summary>
public static class SessionTimeArgument
{
    private static readonly LocalDatePattern Date = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");
    private static readonly LocalTimePattern Time = LocalTimePattern.CreateWithInvariantCulture("HH':'mm':'ss");
    private static readonly LocalDateTimePattern IsoLocal = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss");

    /// <summary>The session that <c>run</c> executes.</summary>
    /// <param name="argument"><c>hourly</c>, <c>daily</c>, <c>schedule</c>, <c>last</c> (the default), a date, or a date and a time.</param>
    /// <param name="zone">The workflow's zone.</param>
    /// <param name="scheduler">The workflow's schedule; null when it has none.</param>
    /// <param name="lastSession">The greatest session time run before; null when there is none.</param>
    /// <param name="now">The time now.</param>
    /// <returns>The session time and what to tell about it.</returns>
    /// <exception cref="WorkflowException">The argument has another form (kind <c>config</c>), or a schedule is asked for and there is none.</exception>
    public static PlannedSession ForRun(string argument, DateTimeZone zone, IScheduler? scheduler, Instant? lastSession, Instant now)
    {
        ArgumentNullException.ThrowIfNull(argument);
        ArgumentNullException.ThrowIfNull(zone);
        return argument switch
        {
            "hourly" => new(SessionTruncation.Hour.Apply(now, zone, scheduler), null),
            "daily" => new(SessionTruncation.Day.Apply(now, zone, scheduler), null),
            "schedule" => scheduler is null
                ? throw new WorkflowException(FailureKind.TaskExecution, "--session schedule is set but schedule is not set to this workflow.")
                : new(scheduler.LastScheduleTime(now).Time, null),
            "last" => Last(zone, scheduler, lastSession, now),
            _ => ParseLocal(argument) is { } local
                ? new(Resolve(local, zone), null)
                : throw new ConfigException($"--session must be hourly, daily, last, \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {argument}"),
        };
    }

    /// <summary>The session that <c>start</c> asks a server for, which knows the workflow's zone and schedule.</summary>
    /// <param name="argument"><c>hourly</c>, <c>daily</c>, <c>now</c>, a date, or a date and a time.</param>
    /// <param name="now">The time now.</param>
    /// <returns>What is sent.</returns>
    /// <exception cref="WorkflowException">The argument has another form.</exception>
    public static RequestedSession ForStart(string argument, Instant now)
    {
        ArgumentNullException.ThrowIfNull(argument);
        var instant = InstantPattern.ExtendedIso.Format(now);
        return argument switch
        {
            "hourly" => new(instant, SessionTruncation.Hour),
            "daily" => new(instant, SessionTruncation.Day),
            "now" => new(instant, null),
            _ => ParseLocal(argument) is { } local
                ? new(IsoLocal.Format(local), null)
                : throw new WorkflowException(
                    FailureKind.TaskExecution,
                    $"--session must be hourly, daily, now, \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {argument}"),
        };
    }

    /// <summary>
    /// Reads <c>yyyy-MM-dd</c>, which means midnight, or <c>yyyy-MM-dd HH:mm:ss</c>, of fixed widths; <c>24:00:00</c> is the next
    /// midnight. Unlike Digdag, which takes the 30th of February for the 29th, dates must exist.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The local time; null when the text has another form.</returns>
    public static LocalDateTime? ParseLocal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        if (Date.Parse(blank < 0 ? text : text[..blank]) is not { Success: true, Value: var date })
        {
            return null;
        }

        return (blank < 0 ? "00:00:00" : text[(blank + 1)..]) switch
        {
            "24:00:00" => date < LocalDate.MaxIsoValue ? date.PlusDays(1).AtMidnight() : null,
            var time => Time.Parse(time) is { Success: true } parsed ? date.At(parsed.Value) : null,
        };
    }

    /// <summary>
    /// The instant of a local time that a user names. In a DST gap it moves forward by the gap; in an overlap the earlier offset
    /// counts, unlike in schedules. Digdag behaviour: schedules 11.3.
    /// </summary>
    /// <param name="local">The local time.</param>
    /// <param name="zone">The workflow's zone.</param>
    /// <returns>The instant.</returns>
    public static Instant Resolve(LocalDateTime local, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return zone.ResolveLocal(local, Resolvers.LenientResolver).ToInstant();
    }

    private static PlannedSession Last(DateTimeZone zone, IScheduler? scheduler, Instant? lastSession, Instant now)
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

        var today = SessionTruncation.Day.Apply(now, zone, null);
        return new(today, $"Using a new session time {SessionTimeText.Iso(today, zone)}.");
    }
}
