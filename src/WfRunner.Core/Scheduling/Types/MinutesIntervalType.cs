using System.Globalization;

namespace WfRunner.Core.Scheduling.Types;

/// <summary><c>minutes_interval&gt;: 30</c>: minutes 0, 30 of every hour; the interval starts anew with every full hour.</summary>
internal sealed class MinutesIntervalType : ISchedulerType
{
    public string Name => "minutes_interval";

    public IScheduler Create(ScheduleSection section) =>
        section.Cron(string.Create(CultureInfo.InvariantCulture, $"*/{section.CommandInteger} * * * *"), section.ConfiguredDelay);
}
