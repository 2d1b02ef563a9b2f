using System.Globalization;

namespace WfRunner.Core.Scheduling.Types;

/// <summary><c>monthly&gt;: 1,09:00:00</c>: local midnight of a day of the month, run nine hours later; months without the day are skipped.</summary>
internal sealed class MonthlyType : ISchedulerType
{
    public string Name => "monthly";

    public IScheduler Create(ScheduleSection section)
    {
        var text = section.CommandOrAt;
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !JavaInteger.TryParse(text[..comma], out var day))
        {
            throw new ConfigException($"monthly>: scheduler requires day,hh:mm:ss format: {text}");
        }

        // Unlike weekly>, no blanks are removed around either part.
        var time = text[(comma + 1)..];
        var delay = TimeOfDay.Seconds(time, parts: 3) ?? throw new ConfigException($"monthly> scheduler requires hh:mm:ss format: {time}");
        return section.Cron(string.Create(CultureInfo.InvariantCulture, $"0 0 {day} * *"), delay);
    }
}
