namespace WfRunner.Core.Scheduling.Types;

/// <summary><c>cron&gt;: 42 4 1 * *</c>: the minutes that match.</summary>
internal sealed class CronType : ISchedulerType
{
    public string Name => "cron";

    public IScheduler Create(ScheduleSection section) => section.Cron(section.Command, section.ConfiguredDelay);
}
