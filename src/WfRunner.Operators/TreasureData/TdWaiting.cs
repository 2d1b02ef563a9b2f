using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;

namespace WfRunner.Operators.TreasureData;

/// <summary>The options <c>interval</c> and <c>wait_timeout</c> of the waiting operators. Digdag behaviour: operators-td 1.4 and 7.</summary>
internal static class TdWaiting
{
    public static readonly OperatorParameter Interval = new("interval", ParameterType.Text, "Pause between two looks, for example 1m 30s; 30s by default.");

    /// <summary>A parameter of the hosted service; Digdag does not read it.</summary>
    public static readonly OperatorParameter Timeout = new("wait_timeout", ParameterType.Text, "The longest time to wait, for example 1h; without it for ever.");

    private const string Started = "wait_started";

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

    /// <summary>
    /// Ends a wait that takes too long. A pause never goes beyond the limit, and the query that is asked then may still finish: what
    /// it finds counts.
    /// </summary>
    /// <param name="task">The task, with the moment of its first look in its state.</param>
    /// <param name="look">Looks once.</param>
    /// <returns>What the look gave.</returns>
    /// <exception cref="WorkflowException">The time is up.</exception>
    public static async Task<OperatorOutcome> WithTimeoutAsync(TdTask task, Func<Task<OperatorOutcome>> look)
    {
        if (TimeoutOf(task.Parameters) is not { } timeout)
        {
            return await look().ConfigureAwait(false);
        }

        var now = task.Context.Clock.GetCurrentInstant();
        var start = task.State.GetInt64OrNull(Started) is { } saved ? Instant.FromUnixTimeMilliseconds(saved) : now;
        task.State = task.State.With(Started, start.ToUnixTimeMilliseconds());
        var outcome = await look().ConfigureAwait(false);
        if (outcome is not OperatorOutcome.Polling polling)
        {
            return outcome;
        }

        var left = start + timeout - now;
        var isAsking = task.State[PollJobs.Key] is ConfigMap { IsEmpty: false };
        return isAsking ? outcome
            : left > Duration.Zero ? polling with { Interval = Duration.Min(polling.Interval, left) }
            : throw new WorkflowException(FailureKind.PollingTimeout, $"Timed out after {task.Parameters.GetString(Timeout.Name)}");
    }

    private static Duration? TimeoutOf(ConfigMap options) => options[Timeout.Name] switch
    {
        null or ConfigNull => null,
        ConfigText { Value: var text } when DurationText.TryParse(text, out var timeout) => timeout,
        var wrong => throw ConfigAccess.Mismatch("duration", Timeout.Name, wrong),
    };

    private static string Text(Duration duration)
    {
        string[] parts = [Part(duration.Days, "d"), Part(duration.Hours, "h"), Part(duration.Minutes, "m"), Part(duration.Seconds, "s")];
        return string.Join(' ', parts.Where(p => p.Length > 0)) is { Length: > 0 } text ? text : "0s";

        static string Part(int value, string unit) => value == 0 ? string.Empty : value.ToString(System.Globalization.CultureInfo.InvariantCulture) + unit;
    }
}
