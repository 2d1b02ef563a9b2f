using System.Globalization;
using NodaTime;
using NodaTime.TimeZones;
using WfRunner.Core.Config;

namespace WfRunner.Core.Engine;

/// <summary>
/// The section <c>sla</c> of a workflow: by when an attempt should be done, and what happens when it is not. Digdag behaviour:
/// engine 18.
/// </summary>
public sealed class SlaRule
{
    private static readonly string[] OwnKeys = ["time", "duration", "alert", "fail"];

    private readonly ConfigMap _section;
    private readonly Duration _value;
    private readonly bool _isTime;

    private SlaRule(ConfigMap section, Duration value, bool isTime)
    {
        _section = section;
        _value = value;
        _isTime = isTime;
    }

    /// <summary>The tasks of its own that run at the deadline; empty for none.</summary>
    public ConfigMap Tasks => OwnKeys.Aggregate(_section, (rest, key) => rest.Without(key));

    /// <summary>Reads the section.</summary>
    /// <param name="config">Config of the workflow, or of its root task.</param>
    /// <returns>The rule; null when there is none.</returns>
    /// <exception cref="ConfigException">It is not clear when the deadline is.</exception>
    public static SlaRule? Of(ConfigMap config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config["sla"] is null or ConfigNull)
        {
            return null;
        }

        var section = config.GetMap("sla");
        var (time, duration) = (Given(section, "time"), Given(section, "duration"));
        if (time is null == duration is null)
        {
            throw new ConfigException("SLA must be specified using either the 'time' or 'duration' option", config.KeySpan("sla"));
        }

        var name = time is null ? "duration" : "time";
        var value = (time ?? duration)!;
        return new SlaRule(section, Read(name, value), time is not null);
    }

    /// <summary>The moment at which an attempt that is not done violates the rule.</summary>
    /// <param name="runTime">When the attempt was asked for, or was to run by its schedule.</param>
    /// <param name="zone">Zone of the workflow.</param>
    /// <returns>The moment.</returns>
    public Instant DeadlineAfter(Instant runTime, DateTimeZone zone)
    {
        if (!_isTime)
        {
            return runTime + _value;
        }

        // Hours beyond the day roll over.
        var midnight = runTime.InZone(zone).Date.AtMidnight();
        var local = midnight.PlusTicks(_value.BclCompatibleTicks);
        var deadline = zone.ResolveLocal(local, Resolvers.LenientResolver).ToInstant();
        return deadline < runTime ? deadline + Duration.FromDays(1) : deadline;
    }

    /// <summary>A switch of the section.</summary>
    /// <param name="key"><c>alert</c> or <c>fail</c>.</param>
    /// <param name="otherwise">Its value when it is not set, or is no truth value.</param>
    /// <param name="warn">Told that it is none.</param>
    /// <returns>The value.</returns>
    public bool Flag(string key, bool otherwise, Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        try
        {
            return _section.GetBooleanOr(key, otherwise);
        }
        catch (ConfigException e)
        {
            warn("sla configuration error: " + e.Message);
            return otherwise;
        }
    }

    private static ConfigValue? Given(ConfigMap section, string key) => section[key] is { IsNull: false } value ? value : null;

    private static Duration Read(string name, ConfigValue value)
    {
        var text = value switch
        {
            ConfigText t => t.Value,
            ConfigInteger i => i.Value.ToString(CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
        var fields = text.Split(':');
        if (value is ConfigText && fields.Length is 2 or 3 && fields.All(f => f.Length is > 0 and <= 5 && f.All(char.IsAsciiDigit)))
        {
            var numbers = fields.Select(f => long.Parse(f, CultureInfo.InvariantCulture)).Append(0).ToList();
            return Duration.FromSeconds((numbers[0] * 3600) + (numbers[1] * 60) + numbers[2]);
        }

        throw new ConfigException($"SLA {name} option needs to be HH:MM or HH:MM:SS format: {text}", value.Span);
    }
}
