using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Runtime.Tasks;

/// <summary>
/// The option <c>_timeout</c> of a task: how long one try of its operator may take, the waiting between polls included. A try that
/// takes longer is ended and fails; <c>_retry</c> then begins a new one. Digdag has nothing like it.
/// </summary>
internal sealed class TaskTimeout
{
    private const string Key = "_timeout";

    // When the try began, kept from poll to poll.
    private const string StartKey = "timeout_start_millis";

    private readonly string _text;
    private readonly Instant _start;
    private readonly Instant _end;

    private TaskTimeout(string text, Instant start, Instant end)
    {
        _text = text;
        _start = start;
        _end = end;
    }

    /// <summary>The limit of a task's current try; null when it has none.</summary>
    /// <exception cref="ConfigException">The option is no duration.</exception>
    public static TaskTimeout? Of(ConfigMap config, ConfigMap state, Instant now)
    {
        if (config[Key] is not { IsNull: false } given)
        {
            return null;
        }

        var start = state.GetInt64OrNull(StartKey) is { } millis ? Instant.FromUnixTimeMilliseconds(millis) : now;
        return given is ConfigText { Value: var text } && DurationText.TryParse(text, out var limit) && limit > Duration.Zero
            ? new TaskTimeout(text, start, start + limit)
            : throw new ConfigException($"Invalid _timeout format: {given} (write it as \"10m\" or \"1h 30m\")", given.Span);
    }

    /// <summary>The state as the operator may see it.</summary>
    public static ConfigMap Without(ConfigMap state) => state.Without(StartKey);

    /// <summary>What is left of the time; not positive when it is over.</summary>
    public Duration Left(Instant now) => _end - now;

    /// <summary>The wish to be called again, not later than the end of the time.</summary>
    public OperatorOutcome.Polling Bound(OperatorOutcome.Polling polling, Instant now) => new(
        Duration.Max(Duration.Zero, Duration.Min(polling.Interval, Left(now))),
        polling.StateParams.With(StartKey, _start.ToUnixTimeMilliseconds()));

    /// <summary>The failure of a try that took too long.</summary>
    public TaskFailedException Failure() => new($"The task did not end within {_text} (_timeout)");
}
