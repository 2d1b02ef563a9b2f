namespace WfRunner.Core.Scheduling.Types;

/// <summary><c>hourly&gt;: 30:00</c>: every full hour, run 30 minutes later.</summary>
internal sealed class HourlyType : ISchedulerType
{
    public string Name => "hourly";

    public IScheduler Create(ScheduleSection section)
    {
        var text = section.CommandOrAt;
        var delay = TimeOfDay.Seconds(text, parts: 2) ?? throw new ConfigException($"hourly>: scheduler requires mm:ss format: {text}");
        return section.Cron("0 * * * *", delay);
    }
}
