using NodaTime;
using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>When attempts are canceled because they take too long. Digdag behaviour: engine 17, server 3.5.</summary>
public sealed record TimeoutSettings
{
    /// <summary>How old an unfinished attempt may get.</summary>
    public Duration Attempt { get; init; } = Duration.FromDays(7);

    /// <summary>How long a task may run, or wait for its next try.</summary>
    public Duration Task { get; init; } = Duration.FromDays(1);

    /// <summary>The longest time between two looks for attempts that are too old.</summary>
    public Duration Interval { get; init; } = Duration.FromSeconds(5);

    internal static TimeoutSettings Of(SettingReader read)
    {
        var defaults = new TimeoutSettings();
        return new TimeoutSettings
        {
            Attempt = Positive("executor.attempt_ttl") ?? defaults.Attempt,
            Task = Positive("executor.task_ttl") ?? defaults.Task,
            Interval = Positive("executor.ttl_reaping_interval") ?? defaults.Interval,
        };

        Duration? Positive(string key) => read.Duration(key) switch
        {
            { } time when time <= Duration.Zero => throw new ConfigException($"{key} must be longer than nothing"),
            var time => time,
        };
    }
}
