using System.Globalization;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Polling;

/// <summary>
/// Repeats an operation by polling, so that no worker is held while it waits: by default 1, 2, 4, ... seconds, at most 30, without an end.
/// What it keeps stands under a key of the state parameters as <c>{operation, retry}</c>. Digdag behaviour: operators-core 5.4.
/// </summary>
/// <param name="key">Where the state stands.</param>
/// <param name="shortest">The first pause, in seconds.</param>
/// <param name="longest">The longest pause, in seconds.</param>
internal sealed class PollingRetry(string key, int shortest = 1, int longest = 30)
{
    /// <summary>Asks to be called again after a failure that may pass.</summary>
    /// <param name="request">The task.</param>
    /// <param name="log">Told the reason and the pause.</param>
    /// <param name="reason">What failed, for example <c>HTTP request failed. ...</c>.</param>
    /// <returns>The wish to be called again.</returns>
    public OperatorOutcome.Polling Again(OperatorRequest request, ITaskLog log, string reason)
    {
        var retries = request.StateParams.GetMapOrEmpty(key).GetInt32OrNull("retry") ?? 0;
        var pause = (int)Math.Min(longest, (long)shortest << Math.Clamp(retries, 0, 20));
        log.Warn(string.Create(CultureInfo.InvariantCulture, $"{reason}: retrying in {pause} seconds"));
        var state = ConfigMap.Of(("operation", ConfigMap.Empty), ("retry", retries + 1L));
        return new OperatorOutcome.Polling(Duration.FromSeconds(pause), request.StateParams.With(key, state));
    }
}
