using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// The scheduler behind <c>cron hourly daily weekly monthly minutes_interval</c>: a cron pattern for session times, a delay
/// until the run, and bounds. Digdag behaviour: schedules 4 and 5, kept to the letter where it is odd (DST, the last entry
/// before a gap), because session times are identities.
/// </summary>
internal sealed class CronScheduler(CronPattern pattern, Duration delay, DateTimeZone zone, Instant? start, Instant? end) : IScheduler
{
    // From here on Digdag takes a session time for the end of its schedule, which runs at no other time.
    private static readonly Instant EndOfTime = Instant.FromUtc(9999, 1, 1, 0, 0);

    private readonly CronSearch _search = new(pattern, zone);

    public DateTimeZone TimeZone => zone;

    public ScheduleTime? FirstScheduleTime(Instant now) => InRange(() => First(now));

    public ScheduleTime? NextScheduleTime(Instant lastScheduleTime) => InRange(() => Next(lastScheduleTime));

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

    // The earliest entry whose run time is not before a moment; a fraction of a second counts as the next one.
    private ScheduleTime? First(Instant now)
    {
        var second = Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        return Next((second == now ? second - Duration.FromSeconds(1) : second) - delay);
    }

    // Both bounds are compared with the run time.
    private ScheduleTime? Next(Instant lastScheduleTime)
    {
        var next = _search.FirstAfter(lastScheduleTime);
        if (end <= next + delay)
        {
            return null;
        }

        if (start is { } from && from > next + delay)
        {
            next = _search.FirstAfter(from - Duration.FromSeconds(1));
        }

        return Entry(next);
    }

    // Goes back by twice the gap that follows and forward again. Where the gap before is longer than that, the answer is no
    // session at all; Digdag's users have such values in their data, so it stays.
    private ScheduleTime Last(Instant currentScheduleTime)
    {
        var next = _search.FirstAfter(currentScheduleTime);
        var before = currentScheduleTime - ((_search.FirstAfter(next) - next) * 2);
        while (_search.FirstAfter(before) is var following && following < currentScheduleTime)
        {
            before = following;
        }

        return new ScheduleTime(before, before + delay);
    }

    private ScheduleTime Entry(Instant time) => new(time, time >= EndOfTime ? time : time + delay);
}
