using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Scheduling;

/// <summary>Reads time zones from configs. Digdag behaviour: dig-language 4.3.</summary>
public static class TimeZoneParameter
{
    /// <summary>The time zone named by a key, or a default. Blanks around the name do not count.</summary>
    /// <param name="map">The map.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The zone for a missing key, for null and for a blank text.</param>
    /// <returns>The zone.</returns>
    /// <exception cref="ConfigException">The value names no zone.</exception>
    public static DateTimeZone GetTimeZoneOr(this ConfigMap map, string key, DateTimeZone fallback)
    {
        ArgumentNullException.ThrowIfNull(map);
        switch (map[key])
        {
            case null or ConfigNull:
                return fallback;
            case ConfigText text when text.Value.Trim().Length == 0:
                return fallback;
            case ConfigText text:
                return TimeZoneId.TryParse(text.Value.Trim(), out var zone)
                    ? zone
                    : throw new ConfigException(
                        ConfigAccess.MismatchText("time zone", key, text),
                        text.Span,
                        new WorkflowException(FailureKind.ZoneRules, $"Unknown time zone name: {text.Value}", text.Span))
                    {
                        Rule = DiagnosticRules.UnknownTimeZone,
                    };
            case var other:
                throw new ConfigException(ConfigAccess.MismatchText("time zone", key, other), other.Span) { Rule = DiagnosticRules.UnknownTimeZone };
        }
    }
}
