using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Engine;

/// <summary>
/// What <c>_retry</c> asks for. The same rule serves an operator's own failure and failed children; both count in
/// <c>retry_count</c> of the task's state parameters. Digdag behaviour: engine 10.2.
/// </summary>
/// <param name="Limit">How many retries at most; 0 for none.</param>
/// <param name="Interval">Pause before the first retry.</param>
/// <param name="MaximumInterval">Upper bound of an exponential pause.</param>
/// <param name="IsExponential">Whether the pause doubles with every retry.</param>
public sealed record RetryPolicy(int Limit, Duration Interval, Duration? MaximumInterval, bool IsExponential)
{
    private const string CountKey = "retry_count";

    // A doubling pause would overflow; nobody means more than a day (Digdag wraps to a negative number and retries at once).
    private static readonly Duration LongestPause = Duration.FromDays(1);

    /// <summary>Reads <c>_retry</c>.</summary>
    /// <param name="config">The config that holds it; a missing key means no retries.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ConfigException">The value has no meaning, or its interval is negative.</exception>
    public static RetryPolicy Of(ConfigMap config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!config.TryGet("_retry", out var value))
        {
            return new RetryPolicy(0, Duration.Zero, null, false);
        }

        switch (value)
        {
            case ConfigInteger or ConfigFloat or ConfigText:
                return new RetryPolicy(config.GetInt32("_retry"), Duration.Zero, null, false);
            case ConfigMap map:
                var interval = map.GetInt32OrNull("interval") ?? 0;
                var maximum = map.GetInt32OrNull("max_interval");
                var type = map.GetStringOr("interval_type", "constant");
                if (interval < 0)
                {
                    throw new ConfigException($"Invalid _retry interval: {interval}", map["interval"]?.Span);
                }

                return new RetryPolicy(
                    map.GetInt32("limit"),
                    Duration.FromSeconds(interval),
                    maximum is { } m ? Duration.FromSeconds(m) : null,
                    type.ToUpperInvariant() switch
                    {
                        "CONSTANT" => false,
                        "EXPONENTIAL" => true,
                        _ => throw new ConfigException($"Invalid retry_interval_type: {type}", map["interval_type"]?.Span),
                    });
            default:
                throw new ConfigException($"Invalid _retry format:{value}", value.Span);
        }
    }

    /// <summary>Decides about one more retry.</summary>
    /// <param name="stateParams">The task's state, which counts the retries so far.</param>
    /// <returns>The pause and the state that counts this retry; null when no retry is left.</returns>
    public (Duration Pause, ConfigMap StateParams)? Next(ConfigMap stateParams)
    {
        ArgumentNullException.ThrowIfNull(stateParams);
        var done = stateParams.GetInt32OrNull(CountKey) ?? 0;
        return Limit > done ? (PauseAfter(done), stateParams.With(CountKey, done + 1)) : null;
    }

    private Duration PauseAfter(int retriesDone)
    {
        if (!IsExponential)
        {
            return Interval;
        }

        var seconds = Interval.TotalSeconds * Math.Pow(2, retriesDone);
        var pause = seconds > LongestPause.TotalSeconds ? LongestPause : Duration.FromSeconds(seconds);
        return MaximumInterval is { } maximum && pause > maximum ? maximum : pause;
    }
}
