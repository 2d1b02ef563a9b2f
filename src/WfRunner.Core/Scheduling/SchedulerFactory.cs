using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Scheduling;

/// <summary>Makes schedulers from the <c>schedule:</c> section of a workflow. Digdag behaviour: schedules 2 to 4.</summary>
public static class SchedulerFactory
{
    private static readonly string[] CommonKeys = ["_type", "skip_on_overtime", "skip_delayed_by", "start", "end"];
    private static readonly LocalDatePattern Date = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");

    private delegate IScheduler Maker(Settings settings);

    // A new scheduler type is one line here.
    private static readonly Dictionary<string, Maker> Types = new(StringComparer.Ordinal)
    {
        ["cron"] = s => Cron(s, s.Value, s.ConfiguredDelay),
        ["hourly"] = s => Cron(s, "0 * * * *", Delay(s.Value, 2, $"hourly>: scheduler requires mm:ss format: {s.Value}")),
        ["daily"] = s => Cron(s, "0 0 * * *", Delay(s.Value, 3, $"daily> scheduler requires hh:mm:ss format: {s.Value}")),
        ["weekly"] = Weekly,
        ["monthly"] = Monthly,
        ["minutes_interval"] = s => Cron(s, $"*/{s.Integer} * * * *", s.ConfiguredDelay),
        ["seconds_interval"] = s => new SecondsIntervalScheduler(Positive(s.Integer), s.ConfiguredDelay, s.TimeZone),
    };

    /// <summary>Reads a <c>schedule:</c> section.</summary>
    /// <param name="workflowConfig">The definition's config, whose key <c>schedule</c> is read.</param>
    /// <param name="timeZone">The workflow's zone.</param>
    /// <returns>The scheduler, or null when the workflow has no <c>schedule</c>.</returns>
    /// <exception cref="WorkflowException">The section is wrong; the message is Digdag's, the place the value's.</exception>
    public static IScheduler? Create(ConfigMap workflowConfig, DateTimeZone timeZone)
    {
        ArgumentNullException.ThrowIfNull(workflowConfig);
        ArgumentNullException.ThrowIfNull(timeZone);
        if (!workflowConfig.TryGet("schedule", out var value) || value.IsNull)
        {
            return null;
        }

        var section = value as ConfigMap ?? throw ConfigAccess.Mismatch("object type", "schedule", value);
        try
        {
            var (type, at) = TypeOf(section);
            return Types.TryGetValue(type, out var make)
                ? make(new Settings(section, at, timeZone))
                : throw new ConfigException($"Unknown scheduler type: {type}", section.KeySpan(type + ">") ?? section.Span);
        }
        catch (WorkflowException e) when (e.Span is null)
        {
            throw e.Kind == FailureKind.Config
                ? new ConfigException(e.Message, section.Span, e.InnerException)
                : new WorkflowException(e.Kind, e.Message, section.Span, e.InnerException);
        }
    }

    /// <summary>
    /// The lines about keys of a <c>schedule:</c> section that nothing reads: a push is refused with them, a local run only logs
    /// them. Digdag behaviour: schedules 2.2; better than Digdag, <c>delay</c>, <c>at</c> and <c>_command</c> count as used where they are.
    /// </summary>
    /// <param name="workflowConfig">The definition's config.</param>
    /// <returns>One text with a line for each key; null when every key is used.</returns>
    public static string? DescribeUnusedKeys(ConfigMap workflowConfig)
    {
        ArgumentNullException.ThrowIfNull(workflowConfig);
        if (workflowConfig["schedule"] is not ConfigMap section || (!section.Has("_type") && !section.Keys.Any(k => k.EndsWith('>'))))
        {
            return null;
        }

        var typeKey = section.Has("_type") ? "_type" : section.Keys.First(k => k.EndsWith('>'));
        var accepted = CommonKeys.Append(typeKey).Distinct().Order(StringComparer.Ordinal).ToList();
        var lines = section.Keys.Where(k => !accepted.Contains(k)).Select(k =>
        {
            var near = EditDistance.Suggest(k, accepted);
            return $"Parameter '{k}' is not used at schedule. "
                + (near.Count == 0 ? string.Empty : $"> Did you mean '[{string.Join(", ", near)}]'?") + "\n";
        });
        var text = string.Concat(lines);
        return text.Length == 0 ? null : text;
    }

    private static (string Type, ConfigValue At) TypeOf(ConfigMap section)
    {
        if (section.Has("_type"))
        {
            return (section.GetString("_type"), section["_command"] ?? section["at"]
                ?? throw new ConfigException("Parameter 'at' is required but not set", section.Span));
        }

        var key = section.Keys.FirstOrDefault(k => k.EndsWith('>'))
            ?? throw new ConfigException($"Schedule config requires 'type>: at' parameter: {section}", section.Span);
        var value = section[key]!;
        return value.IsNull
            ? throw new ConfigException($"Parameter '{key}' is required but null", section.KeySpan(key))
            : (key[..^1], value);
    }

    private static CronScheduler Cron(Settings settings, string pattern, Duration delay)
    {
        var start = settings.DateOf("start");
        var lastDay = settings.DateOf("end");
        var end = lastDay == LocalDate.MaxIsoValue ? null : lastDay?.PlusDays(1);
        var from = start is { } s ? settings.TimeZone.AtStartOfDay(s).ToInstant() : (Instant?)null;
        var to = end is { } e ? settings.TimeZone.AtStartOfDay(e).ToInstant() : (Instant?)null;
        if (from >= to)
        {
            throw new ConfigException("The schedule of end is earlier than start", settings.Section["end"]?.Span);
        }

        return new CronScheduler(CronPattern.Parse(pattern), delay, settings.TimeZone, from, to);
    }

    private static CronScheduler Weekly(Settings s)
    {
        var comma = s.Value.IndexOf(',', StringComparison.Ordinal);
        var format = $"weekly>: scheduler requires day,hh:mm:ss format: {s.Value}";
        if (comma < 0)
        {
            throw new ConfigException(format);
        }

        var day = s.Value[..comma].Trim();
        var time = s.Value[(comma + 1)..].Trim();
        var delay = Delay(time, 3, $"weekly> scheduler requires hh:mm:ss format: {time}");
        if (int.TryParse(day, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number < 0)
        {
            throw new ConfigException($"weekly>: invalid day: {day}");
        }

        try
        {
            return Cron(s, $"0 0 * * {day}", delay);
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.InvalidPattern)
        {
            throw new ConfigException(format, s.Section.Span, e);
        }
    }

    private static CronScheduler Monthly(Settings s)
    {
        var comma = s.Value.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !int.TryParse(s.Value[..comma].Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var day))
        {
            throw new ConfigException($"monthly>: scheduler requires day,hh:mm:ss format: {s.Value}");
        }

        var time = s.Value[(comma + 1)..];
        var delay = Delay(time, 3, $"monthly> scheduler requires hh:mm:ss format: {time}");
        return Cron(s, string.Create(CultureInfo.InvariantCulture, $"0 0 {day} * *"), delay);
    }

    // Exact number of integers between colons; trailing empty parts are dropped and nothing is range-checked, as in Digdag.
    private static Duration Delay(string text, int parts, string error)
    {
        var fields = text.Split(':').ToList();
        while (fields.Count > 0 && fields[^1].Length == 0)
        {
            fields.RemoveAt(fields.Count - 1);
        }

        if (fields.Count != parts)
        {
            throw new ConfigException(error);
        }

        long seconds = 0;
        foreach (var field in fields)
        {
            seconds = (seconds * 60) + (int.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new ConfigException(error));
        }

        return Duration.FromSeconds(seconds);
    }

    private static int Positive(int seconds) =>
        seconds != 0 ? seconds : throw new ConfigException("seconds_interval>: / by zero");

    private sealed record Settings(ConfigMap Section, ConfigValue At, DateTimeZone TimeZone)
    {
        public string Value => ConfigAccess.AsString("_command", At);

        public int Integer => ConfigMap.Of(("_command", At)).GetInt32("_command");

        public Duration ConfiguredDelay => Duration.FromSeconds(Section.GetInt32OrNull("delay") ?? 0);

        public LocalDate? DateOf(string key)
        {
            if (Section.GetStringOrNull(key) is not { } text)
            {
                return null;
            }

            var parsed = Date.Parse(text);
            return parsed.Success
                ? parsed.Value
                : throw new ConfigException($"Invalid {key}: {text} (Text '{text}' could not be parsed as yyyy-MM-dd)", Section[key]!.Span);
        }
    }
}
