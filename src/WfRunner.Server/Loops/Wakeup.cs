using System.Threading.Channels;
using NodaTime;

namespace WfRunner.Server.Loops;

/// <summary>What a loop waits for: somebody who says that there is work, or the time at which there will be.</summary>
internal sealed class Wakeup
{
    // Longest uninterrupted wait: a safety net against clocks that jump and wake-ups that got lost, not a way to make progress.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Says that there is work. Never lost: a loop that is busy wakes right after.</summary>
    public void Signal() => _signal.Writer.TryWrite(true);

    /// <summary>Waits for a signal, or until a time.</summary>
    public async Task WaitAsync(Instant? until, IClock clock, TimeProvider timers, CancellationToken cancellationToken)
    {
        var pause = until is { } time ? time - clock.GetCurrentInstant() : Duration.MaxValue;
        if (pause <= Duration.Zero)
        {
            return;
        }

        // Rounded up: a timer that fires a fraction early would only spin.
        var wait = pause.TotalMilliseconds < Longest.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds))
            : Longest;
        using var timer = new CancellationTokenSource(wait, timers);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            await _signal.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time has come.
        }
    }
}
