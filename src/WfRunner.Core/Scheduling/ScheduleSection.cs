using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// The <c>schedule:</c> section of a workflow as the scheduler types read it: the type's word, its value, and the keys that
/// several types share. Digdag behaviour: schedules 2 and 4.
/// </summary>
internal sealed class ScheduleSection
{
    private const double LongestDelaySeconds = 10_000 * 366.0 * 86_400;

    private static readonly LocalDatePattern Date = LocalDatePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd");

    private readonly ConfigMap _map;
    private readonly ConfigValue? _value;

    private ScheduleSection(ConfigMap map, DateTimeZone timeZone, string type, ConfigValue? value)
    {
        _map = map;
        _value = value;
        TimeZone = timeZone;
        Type = type;
    }

    /// <summary>The type's word: what stands in front of the first <c>&gt;</c>, or the value of <c>_type</c>.</summary>
    public string Type { get; }

    /// <summary>The workflow's zone.</summary>
    public DateTimeZone TimeZone { get; }

    /// <summary>Where the section stands.</summary>
    public SourceSpan? Span => _map.Span;

    /// <summary>Where the key stands that names the type.</summary>
    public SourceSpan? TypeSpan => _map.KeySpan(Type + ">") ?? Span;

    /// <summary>The value behind the type, as text.</summary>
    public string Command => ConfigAccess.AsString("_command", RequiredCommand());

    /// <summary>The value behind the type as text; written with <c>_type</c>, it may also be called <c>at</c>.</summary>
    public string CommandOrAt => _value is null ? _map.GetString("at") : Command;

    /// <summary>The value behind the type as an integer; fractions are truncated.</summary>
    public int CommandInteger => RequiredCommand() is ConfigText { Value: var text } && JavaInteger.TryParse(text.Trim(), out var number)
        ? number
        : ConfigMap.Of(("_command", RequiredCommand())).GetInt32("_command");

    /// <summary>The key <c>delay</c>, in seconds.</summary>
    public long ConfiguredDelay => _map.GetInt64OrNull("delay") ?? 0;

    /// <summary>Finds the type in a section.</summary>
    /// <exception cref="ConfigException">The section names none.</exception>
    public static ScheduleSection Read(ConfigMap map, DateTimeZone timeZone)
    {
        if (map.Has("_type"))
        {
            return new ScheduleSection(map, timeZone, map.GetString("_type"), map["_command"]);
        }

        var key = TypeKey(map) ?? throw new ConfigException($"Schedule config requires 'type>: at' parameter: {map}", map.Span);
        var value = map[key]!;
        return value.IsNull
            ? throw new ConfigException($"Parameter '{key}' is required but null", map.KeySpan(key))
            : new ScheduleSection(map, timeZone, key[..^1], value);
    }

    /// <summary>The first key that ends with <c>&gt;</c>; null when there is none.</summary>
    public static string? TypeKey(ConfigMap map) => map.Keys.FirstOrDefault(k => k.EndsWith('>'));

    /// <summary>A scheduler for a cron pattern with this section's bounds.</summary>
    /// <param name="pattern">The pattern of the session times.</param>
    /// <param name="delaySeconds">Seconds from a session time to its run.</param>
    /// <exception cref="WorkflowException">The pattern or a bound is wrong.</exception>
    public CronScheduler Cron(string pattern, long delaySeconds)
    {
        var start = DateOf("start");
        var lastDay = DateOf("end");
        var from = start is { } first ? TimeZone.AtStartOfDay(first).ToInstant() : (Instant?)null;
        var to = lastDay is { } last && last < LocalDate.MaxIsoValue ? TimeZone.AtStartOfDay(last.PlusDays(1)).ToInstant() : (Instant?)null;
        return from >= to
            ? throw new ConfigException("The schedule of end is earlier than start", _map["end"]?.Span)
            : new CronScheduler(CronPattern.Parse(pattern), Delay(delaySeconds), TimeZone, from, to);
    }

    /// <summary>A delay of so many seconds.</summary>
    /// <exception cref="ConfigException">It is longer than the calendar.</exception>
    public Duration Delay(long seconds) => Math.Abs((double)seconds) <= LongestDelaySeconds
        ? Duration.FromSeconds(seconds)
        : throw new ConfigException(string.Create(CultureInfo.InvariantCulture, $"a delay of {seconds} seconds leaves the calendar"), Span);

    private ConfigValue RequiredCommand() =>
        _value is null or ConfigNull ? throw new ConfigException("Parameter '_command' is required but " + (_value is null ? "not set" : "null"), Span) : _value;

    private LocalDate? DateOf(string key)
    {
        if (_map.GetStringOrNull(key) is not { } text)
        {
            return null;
        }

        var parsed = Date.Parse(text);
        return parsed.Success
            ? parsed.Value
            : throw new ConfigException($"Invalid {key}: {text} (Text '{text}' could not be parsed as yyyy-MM-dd)", _map[key]!.Span);
    }
}
