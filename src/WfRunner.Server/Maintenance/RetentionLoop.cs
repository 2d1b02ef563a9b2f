using System.Globalization;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Server.Loops;
using WfRunner.Storage;

namespace WfRunner.Server.Maintenance;

/// <summary>
/// Deletes sessions that ended long ago, and logs that nothing was written to since. Off unless <c>retention.days</c> is set: Digdag keeps
/// everything for ever.
/// </summary>
internal sealed class RetentionLoop(IStore store, ITaskLogs logs, Duration kept, IClock clock, TimeProvider timers, LogOutput log)
    : IAsyncDisposable
{
    private const int SessionsAtOnce = 100;

    private static readonly Duration Pause = Duration.FromHours(1);

    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start() => _loop = LoopAsync(_stop.Token);

    /// <summary>Says that the clock was set.</summary>
    public void Wake() => _wakeup.Signal();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = clock.GetCurrentInstant() + Pause;
            try
            {
                await DeleteAsync(clock.GetCurrentInstant() - kept, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is WorkflowException or IOException or UnauthorizedAccessException)
            {
                log.WriteMain(TaskLogLevel.Error, $"Deleting old sessions and logs failed and will be tried again: {e.Message}");
            }

            while (clock.GetCurrentInstant() < next && !cancellationToken.IsCancellationRequested)
            {
                await _wakeup.WaitAsync(next, clock, timers, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A few at a time, so that whoever works meanwhile waits a moment only.
    private async Task DeleteAsync(Instant before, CancellationToken cancellationToken)
    {
        var sessions = 0;
        int deleted;
        do
        {
            deleted = await store.Maintenance.DeleteFinishedAsync(before, SessionsAtOnce, cancellationToken).ConfigureAwait(false);
            sessions += deleted;
        }
        while (deleted == SessionsAtOnce);

        var folders = await logs.DeleteOlderThanAsync(before, cancellationToken).ConfigureAwait(false);
        if (sessions + folders > 0)
        {
            log.WriteMain(
                TaskLogLevel.Info,
                string.Create(CultureInfo.InvariantCulture, $"Deleted {sessions} sessions and the logs of {folders} attempts that ended before {before}"));
        }
    }
}
