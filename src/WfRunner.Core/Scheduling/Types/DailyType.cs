namespace WfRunner.Core.Scheduling.Types;

/// <summary><c>daily&gt;: 07:00:00</c>: every local midnight, run seven hours later.</summary>
internal sealed class DailyType : ISchedulerType
{
    public string Name => "daily";

    public IScheduler Create(ScheduleSection section)
    {
        var text = section.CommandOrAt;
        var delay = TimeOfDay.Seconds(text, parts: 3) ?? throw new ConfigException($"daily> scheduler requires hh:mm:ss format: {text}");
        return section.Cron("0 0 * * *", delay);
    }
}
