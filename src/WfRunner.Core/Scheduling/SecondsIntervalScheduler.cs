using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary><c>seconds_interval&gt;</c>: multiples of so many seconds since the epoch. Digdag behaviour: schedules 5.5.</summary>
internal sealed class SecondsIntervalScheduler(int seconds, Duration delay, DateTimeZone zone) : IScheduler
{
    public DateTimeZone TimeZone => zone;

    public ScheduleTime? FirstScheduleTime(Instant now) => NextScheduleTime(now - Duration.FromNanoseconds(1));

    public ScheduleTime? NextScheduleTime(Instant lastScheduleTime)
    {
        var epoch = lastScheduleTime.ToUnixTimeSeconds();
        return At(epoch - (epoch % seconds) + seconds);
    }

    public ScheduleTime LastScheduleTime(Instant currentScheduleTime)
    {
        var epoch = (currentScheduleTime - Duration.FromNanoseconds(1)).ToUnixTimeSeconds();
        return At(epoch - (epoch % seconds));
    }

    private ScheduleTime At(long epochSecond)
    {
        var time = Instant.FromUnixTimeSeconds(epochSecond);
        return new ScheduleTime(time, time + delay);
    }
}
