using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Polling;

/// <summary>
/// Waits for something by polling, with growing pauses of at least five seconds, and repeats a look that failed for a reason that
/// may pass. What it keeps stands under a key of the state parameters as <c>{start_time, iteration, operation}</c>. Digdag
/// behaviour: operators-core 5.4. Better than Digdag: what is found at the deadline counts, and a time limit also ends a wait
/// whose looks keep failing.
/// </summary>
/// <param name="key">Where the state stands.</param>
/// <param name="retryKey">Where, inside its <c>operation</c>, the count of failed looks stands.</param>
/// <param name="shortest">The first pause.</param>
/// <param name="longest">The longest pause.</param>
internal sealed class PollingWait(string key, string retryKey, Duration shortest, Duration longest)
{
    private static readonly Duration LeastPause = Duration.FromSeconds(5);
    private static readonly InstantPattern StartPattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>How long it may take in all, counted from the first look; null for no limit.</summary>
    public Duration? TimeLimit { get; init; }

    /// <summary>The pauses after failed looks: 1, 2, 4 ... seconds to this many.</summary>
    public (int Shortest, int Longest) RetryPause { get; init; } = (1, 30);

    /// <summary>What a failed look is called in the log.</summary>
    public string RetryMessage { get; init; } = "Operation failed";

    /// <summary>Looks once.</summary>
    /// <typeparam name="T">What is waited for.</typeparam>
    /// <param name="request">The task.</param>
    /// <param name="context">The clock and the log.</param>
    /// <param name="message">What is logged when it is not there yet.</param>
    /// <param name="look">Gives what was waited for, or null.</param>
    /// <param name="mayPass">Whether a failure of the look may pass.</param>
    /// <returns>What was found, or the wish to be called again.</returns>
    /// <exception cref="WorkflowException">The time limit is reached (<see cref="FailureKind.PollingTimeout"/>).</exception>
    public async Task<Look<T>> LookAsync<T>(
        OperatorRequest request, IOperatorContext context, string message, Func<Task<T?>> look, Func<Exception, bool> mayPass)
        where T : class
    {
        var now = context.Clock.GetCurrentInstant();
        var state = request.StateParams.GetMapOrEmpty(key);
        var start = state.GetStringOrNull("start_time") is { } saved && StartPattern.Parse(saved) is { Success: true } parsed ? parsed.Value : now;
        T? found;
        try
        {
            found = await look().ConfigureAwait(false);
        }
        catch (Exception e) when (mayPass(e))
        {
            ThrowIfLate(start, now, e);
            return new(null, Again(request, start, state, Retry(context, state, e, out var retrying), retrying));
        }

        if (found is not null)
        {
            return new(found, null);
        }

        ThrowIfLate(start, now, null);
        var iteration = state.GetInt32OrNull("iteration") ?? 0;
        var pause = Pause(iteration, start, now);
        context.Log.Debug(string.Create(CultureInfo.InvariantCulture, $"{message}: checking again in {pause.TotalSeconds}s"));
        var next = state.With("iteration", iteration + 1L).With("operation", ConfigMap.Empty);
        return new(null, Again(request, start, next, pause, next));
    }

    /// <summary>The state parameters without those of this wait.</summary>
    public ConfigMap Forget(ConfigMap state) => state.Without(key);

    private OperatorOutcome.Polling Again(OperatorRequest request, Instant start, ConfigMap before, Duration pause, ConfigMap after) => new(
        pause,
        request.StateParams.With(key, ConfigMap.Of(
            ("start_time", StartPattern.Format(start)),
            ("iteration", after.GetInt64OrNull("iteration") ?? before.GetInt64OrNull("iteration") ?? 0L),
            ("operation", after.GetMapOrEmpty("operation")))));

    private Duration Retry(IOperatorContext context, ConfigMap state, Exception e, out ConfigMap retrying)
    {
        var retries = state.GetMapOrEmpty("operation").GetMapOrEmpty(retryKey).GetInt32OrNull("retry") ?? 0;
        var seconds = Math.Min(RetryPause.Longest, (long)RetryPause.Shortest << Math.Clamp(retries, 0, 20));
        context.Log.Warn(string.Create(CultureInfo.InvariantCulture, $"{RetryMessage}: retrying in {seconds} seconds\n{FailureText.Describe(e)}"));
        retrying = state.With("operation", ConfigMap.Of((retryKey, ConfigMap.Of(("operation", ConfigMap.Empty), ("retry", retries + 1L)))));
        return Duration.FromSeconds(seconds);
    }

    private Duration Pause(int iteration, Instant start, Instant now)
    {
        var pause = Duration.Min(longest, shortest * (1L << Math.Clamp(iteration, 0, 20)));
        if (TimeLimit is { } limit)
        {
            pause = Duration.Min(pause, start + limit - now);
        }

        return Duration.FromSeconds(Math.Ceiling(Duration.Max(pause, LeastPause).TotalSeconds));
    }

    private void ThrowIfLate(Instant start, Instant now, Exception? cause)
    {
        if (TimeLimit is { } limit && now - start >= limit)
        {
            throw new WorkflowException(FailureKind.PollingTimeout, "Timeout happened", null, cause);
        }
    }

    /// <summary>The end of one look.</summary>
    /// <typeparam name="T">What is waited for.</typeparam>
    /// <param name="Found">What was found; null when it is not there yet.</param>
    /// <param name="Again">The wish to be called again; null when it was found.</param>
    public sealed record Look<T>(T? Found, OperatorOutcome.Polling? Again)
        where T : class;
}
