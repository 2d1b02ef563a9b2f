namespace WfRunner.Core.Scheduling.Types;

/// <summary><c>weekly&gt;: Sun,09:00:00</c>: local midnight of any cron day-of-week field without a comma, run nine hours later.</summary>
internal sealed class WeeklyType : ISchedulerType
{
    public string Name => "weekly";

    public IScheduler Create(ScheduleSection section)
    {
        var text = section.CommandOrAt;
        var format = $"weekly>: scheduler requires day,hh:mm:ss format: {text}";
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            throw new ConfigException(format);
        }

        var day = text[..comma].Trim();
        if (JavaInteger.TryParse(day, out var number) && number < 0)
        {
            throw new ConfigException($"weekly>: invalid day: {day}");
        }

        var time = text[(comma + 1)..].Trim();
        var delay = TimeOfDay.Seconds(time, parts: 3) ?? throw new ConfigException($"weekly> scheduler requires hh:mm:ss format: {time}");
        try
        {
            return section.Cron($"0 0 * * {day}", delay);
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.InvalidPattern)
        {
            throw new ConfigException(format, section.Span, e);
        }
    }
}
