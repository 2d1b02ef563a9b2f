using NodaTime;
using WfRunner.Core;

namespace WfRunner.Operators.TreasureData.Jobs;

/// <summary>How long to pause between two looks at the same thing. Whole seconds count. Digdag behaviour: operators-td 1.4 and 1.7.</summary>
/// <param name="Minimum">The first pause.</param>
/// <param name="Maximum">Pauses double up to this one.</param>
internal readonly record struct PollIntervals(Duration Minimum, Duration Maximum)
{
    /// <summary>Pauses between questions about a job.</summary>
    public static PollIntervals OfJobs(IReadOnlyDictionary<string, string> config) =>
        Read(config, "config.td.min_poll_interval", "config.td.max_poll_interval");

    /// <summary>Pauses after errors.</summary>
    public static PollIntervals OfRetries(IReadOnlyDictionary<string, string> config) =>
        Read(config, "config.td.min_retry_interval", "config.td.max_retry_interval");

    /// <summary>The pause after a number of looks.</summary>
    public Duration After(long iteration) =>
        iteration > 30 ? Maximum : Duration.FromSeconds(Math.Min((long)Minimum.TotalSeconds << (int)iteration, (long)Maximum.TotalSeconds));

    /// <summary>A duration of the system configuration.</summary>
    /// <exception cref="ConfigException">It is none.</exception>
    public static Duration Setting(IReadOnlyDictionary<string, string> config, string key, Duration fallback) =>
        !config.TryGetValue(key, out var text) ? fallback
        : DurationText.TryParse(text, out var duration) ? duration
        : throw new ConfigException($"invalid configuration value: {key}");

    private static PollIntervals Read(IReadOnlyDictionary<string, string> config, string minimumKey, string maximumKey)
    {
        var minimum = Setting(config, minimumKey, Duration.FromSeconds(1));
        var maximum = Setting(config, maximumKey, Duration.FromSeconds(30));
        return maximum >= minimum ? new(minimum, maximum) : throw new ConfigException($"invalid configuration value: {maximumKey}");
    }
}
