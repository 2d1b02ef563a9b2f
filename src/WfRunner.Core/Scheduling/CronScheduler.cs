using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// The scheduler behind <c>cron hourly daily weekly monthly minutes_interval</c>: a cron pattern for session times, a delay
/// until the run, and bounds. Digdag behaviour: schedules 4 and 5, kept to the letter where it is odd (DST, the last entry
/// before a gap), because session times are identities.
/// </summary>
internal sealed class CronScheduler(CronPattern pattern, Duration delay, DateTimeZone zone, Instant? start, Instant? end) : IScheduler
{
    // An entry that does not come within this time never comes: 31 February.
    private const int SearchedYears = 60;

    private const int LastYear = 9999;

    public DateTimeZone TimeZone => zone;

    public ScheduleTime? FirstScheduleTime(Instant now) => InRange(() => First(now));

    public ScheduleTime? NextScheduleTime(Instant lastScheduleTime) => InRange(() => NextEntry(lastScheduleTime));

    public ScheduleTime LastScheduleTime(Instant currentScheduleTime) => InRange(() => Last(currentScheduleTime));

    // A delay of thousands of years is accepted by the reader; its times may lie outside of the calendar.
    private T InRange<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument, $"the schedule \"{pattern.Text}\" with a delay of {delay.TotalSeconds} seconds leaves the calendar", null, e);
        }
    }

    private ScheduleTime? First(Instant now)
    {
        var second = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        return NextEntry((second == now ? second - Duration.FromSeconds(1) : second) - delay);
    }

    private ScheduleTime? NextEntry(Instant lastScheduleTime)
    {
        var next = Next(lastScheduleTime);
        if (end is { } e && e <= next + delay)
        {
            return null;
        }

        if (start is { } s && s > next + delay)
        {
            next = Next(s - Duration.FromSeconds(1));
        }

        return new ScheduleTime(next, next + delay);
    }

    private ScheduleTime Last(Instant currentScheduleTime)
    {
        var next = Next(currentScheduleTime);
        var before = currentScheduleTime - ((Next(next) - next) * 2);
        while (Next(before) is var following && following < currentScheduleTime)
        {
            before = following;
        }

        return new ScheduleTime(before, before + delay);
    }

    // The first matching minute after a moment; the moment's own minute is excluded.
    private Instant Next(Instant after)
    {
        var minute = Instant.FromUnixTimeSeconds(FloorDivide(after.ToUnixTimeSeconds(), 60) * 60) + Duration.FromMinutes(1);
        var local = minute.InZone(zone).LocalDateTime;
        if (pattern.Matches(local))
        {
            return minute;
        }

        Instant? earliest = null;
        for (var group = 0; group < pattern.GroupCount; group++)
        {
            if (Search(group, local) is { } found && (earliest is null || found < earliest))
            {
                earliest = found;
            }
        }

        return earliest ?? throw new WorkflowException(FailureKind.InvalidPattern, $"invalid pattern \"{pattern.Text}\". It never matches");
    }

    // Searches local times as if there were no DST, then converts: in a gap forward by the gap, in an overlap the later instant.
    private Instant? Search(int group, LocalDateTime from)
    {
        var last = from.Year + SearchedYears < LastYear ? from.Date.PlusYears(SearchedYears) : new LocalDate(LastYear, 12, 30);
        for (var date = from.Date; date <= last; date = date.PlusDays(1))
        {
            if (pattern.FirstOn(group, date, date == from.Date ? from.TimeOfDay : LocalTime.Midnight) is { } found)
            {
                var mapped = zone.MapLocal(found);
                var instant = mapped.Count switch
                {
                    0 => found.WithOffset(mapped.EarlyInterval.WallOffset).ToInstant(),
                    1 => mapped.Single().ToInstant(),
                    _ => mapped.Last().ToInstant(),
                };
                if (instant.InZone(zone).Date == date)
                {
                    return instant;
                }
            }
        }

        return null;
    }

    private static long FloorDivide(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);
}
