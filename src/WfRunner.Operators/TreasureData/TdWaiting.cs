using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;

namespace WfRunner.Operators.TreasureData;

/// <summary>The option <c>interval</c> of the waiting operators. Digdag behaviour: operators-td 1.4 and 7.</summary>
internal static class TdWaiting
{
    public static readonly OperatorParameter Interval = new("interval", ParameterType.Text, "Pause between two looks, for example 1m 30s; 30s by default.");

    /// <summary>Reads the pause between two looks.</summary>
    /// <exception cref="ConfigException">It is no duration, or outside of the configured bounds.</exception>
    public static Duration IntervalOf(ConfigMap options, IReadOnlyDictionary<string, string> config)
    {
        var minimum = PollIntervals.Setting(config, "config.td.wait.min_poll_interval", Duration.FromSeconds(30));
        var maximum = PollIntervals.Setting(config, "config.td.wait.max_poll_interval", Duration.FromDays(2));
        var fallback = PollIntervals.Setting(config, "config.td.wait.poll_interval", Duration.Min(Duration.FromMinutes(10), minimum));
        if (maximum < minimum)
        {
            throw new ConfigException("invalid configuration value: config.td.wait.max_poll_interval");
        }

        if (fallback < minimum || fallback > maximum)
        {
            throw new ConfigException("invalid configuration value: config.td.wait.poll_interval");
        }

        switch (options["interval"])
        {
            case null or ConfigNull:
                return fallback;
            case ConfigText { Value: var text } when DurationText.TryParse(text, out var interval):
                return interval >= minimum && interval <= maximum
                    ? interval
                    : throw new ConfigException(
                        $"poll interval must be at least {Text(minimum)} and no greater than {Text(maximum)}", options.KeySpan("interval"));
            default:
                throw ConfigAccess.Mismatch("duration", "interval", options["interval"]!);
        }
    }

    private static string Text(Duration duration)
    {
        string[] parts = [Part(duration.Days, "d"), Part(duration.Hours, "h"), Part(duration.Minutes, "m"), Part(duration.Seconds, "s")];
        return string.Join(' ', parts.Where(p => p.Length > 0)) is { Length: > 0 } text ? text : "0s";

        static string Part(int value, string unit) => value == 0 ? string.Empty : value.ToString(System.Globalization.CultureInfo.InvariantCulture) + unit;
    }
}
