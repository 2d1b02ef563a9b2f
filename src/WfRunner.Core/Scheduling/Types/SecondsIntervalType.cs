namespace WfRunner.Core.Scheduling.Types;

/// <summary><c>seconds_interval&gt;: 30</c>: multiples of 30 seconds since the epoch. It has neither <c>start</c> nor <c>end</c>.</summary>
internal sealed class SecondsIntervalType : ISchedulerType
{
    public string Name => "seconds_interval";

    public IScheduler Create(ScheduleSection section) => section.CommandInteger is var seconds and not 0
        ? new SecondsIntervalScheduler(seconds, section.Delay(section.ConfiguredDelay), section.TimeZone)
        : throw new ConfigException("seconds_interval>: / by zero");
}
