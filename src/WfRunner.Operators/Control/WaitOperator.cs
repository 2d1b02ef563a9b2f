using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Control;

/// <summary><c>wait&gt;</c>: lets time pass. Digdag behaviour: operators-core 6.5.</summary>
public sealed class WaitOperator : IOperator
{
    private const string StartKey = "wait_start_time_millis";

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "wait",
        "Waits for a duration such as 1h 30m.",
        new OperatorParameter("_command", ParameterType.Text, "The duration.", Required: true),
        [
            new OperatorParameter("blocking", ParameterType.Boolean, "Keeps a worker busy while waiting."),
            new OperatorParameter("poll_interval", ParameterType.Text, "How often to look at the clock."),
        ])
    {
        RetriesOwnFailure = false,
        UsesProject = false,
        ReportsUnusedKeys = true,
    };

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var duration = Parse(request.Config, "_command")!.Value;
        var blocking = request.Config.GetBooleanOr("blocking", false);
        var interval = Parse(request.Config, "poll_interval");
        if (blocking && interval is not null)
        {
            throw new ConfigException("poll_interval can't be specified with blocking:true", request.LocalConfig["poll_interval"]?.Span);
        }

        var now = context.Clock.GetCurrentInstant();
        var start = request.StateParams.GetInt64OrNull(StartKey) is { } saved ? Instant.FromUnixTimeMilliseconds(saved) : now;
        var remaining = start + duration - now;
        if (remaining < Duration.Zero || (remaining == Duration.Zero && request.StateParams.Has(StartKey)))
        {
            return Finish();
        }

        if (!blocking)
        {
            var pause = interval is { } i && i < remaining ? i : Duration.Max(remaining, Duration.FromMilliseconds(1));
            return new OperatorOutcome.Polling(pause, request.StateParams.With(StartKey, start.ToUnixTimeMilliseconds()));
        }

        await Task.Delay(remaining.ToTimeSpan(), cancellationToken).ConfigureAwait(false);
        return Finish();

        OperatorOutcome Finish()
        {
            context.Log.Info($"wait finished. start:{start}");
            return OperatorOutcome.Done;
        }
    }

    private static Duration? Parse(ConfigMap config, string key)
    {
        if (key != "_command" && config[key] is null or ConfigNull)
        {
            return null;
        }

        var value = key == "_command" ? config.GetString(key) : ConfigAccess.AsString(key, config[key]!);
        return config[key] is ConfigText && DurationText.TryParse(value, out var duration)
            ? duration
            : throw new ConfigException($"Invalid configuration\n> Invalid duration: {value}", config[key]?.Span);
    }
}
