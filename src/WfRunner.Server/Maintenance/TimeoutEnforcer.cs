using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Attempts;
using WfRunner.Server.Loops;
using WfRunner.Server.Metrics;
using WfRunner.Server.Notifications;
using WfRunner.Server.Settings;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Maintenance;

namespace WfRunner.Server.Maintenance;

/// <summary>
/// Cancels attempts that are too old, and those with a task that takes too long. It sleeps until the first of them is due: what starts
/// later is due later, so nothing has to be looked at meanwhile. Several nodes may do it; the one whose cancel came first tells people.
/// Digdag behaviour: engine 17; better than there, a running operator is ended too.
/// </summary>
internal sealed class TimeoutEnforcer(
    IStore store,
    AttemptHost host,
    TimeoutSettings settings,
    ServerNotifications notifications,
    ServerMeter meter,
    IClock clock,
    TimeProvider timers,
    LogOutput log) : IAsyncDisposable
{
    private const int AtOnce = 100;

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
            var now = clock.GetCurrentInstant();
            var next = now + settings.Interval;
            try
            {
                var overdue = await store.Maintenance.ListOverdueAsync(now - settings.Attempt, now - settings.Task, AtOnce, cancellationToken)
                    .ConfigureAwait(false);
                foreach (var attempt in overdue)
                {
                    await CancelAsync(attempt).ConfigureAwait(false);
                }

                if (overdue.Count < AtOnce)
                {
                    next = await NextAsync(now, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (WorkflowException e)
            {
                log.WriteMain(
                    TaskLogLevel.Error, $"Enforcing the time-outs of attempts and tasks failed and will be tried again: {FailureText.Describe(e)}");
            }

            while (clock.GetCurrentInstant() < next && !cancellationToken.IsCancellationRequested)
            {
                await _wakeup.WaitAsync(next, clock, timers, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // A moment after it is due, because only what is older than its time counts; never more often than configured.
    private async Task<Instant> NextAsync(Instant now, CancellationToken cancellationToken)
    {
        var newcomers = now + Duration.Min(settings.Attempt, settings.Task);
        var due = await store.Maintenance.NextOverdueAsync(settings.Attempt, settings.Task, cancellationToken).ConfigureAwait(false) ?? newcomers;
        return Instant.Max(now + settings.Interval, Instant.Min(due, newcomers) + Duration.FromMilliseconds(1));
    }

    // One attempt that cannot be canceled must not keep the others alive.
    private async Task CancelAsync(OverdueAttempt overdue)
    {
        var attempt = overdue.Attempt;
        try
        {
            var outcome = await store.Attempts.RequestCancelAsync(attempt.SiteId, attempt.Id, clock.GetCurrentInstant(), CancellationToken.None)
                .ConfigureAwait(false);
            if (outcome is not (CancelOutcome.Requested or CancelOutcome.EndedAtOnce))
            {
                return;
            }

            host.RequestCancel(attempt.Id);
            host.Wake();
            var tasks = string.Join(",", overdue.Tasks);
            var isAttempt = overdue.Tasks.Count == 0;
            log.WriteMain(TaskLogLevel.Info, isAttempt
                ? $"Session Attempt timed out, canceling: {attempt.Id} of workflow {attempt.WorkflowName} in project {attempt.ProjectName}"
                : $"Task(s) timed out, canceling Session Attempt: {attempt.Id}, tasks={tasks}");
            meter.TimedOut(isAttempt ? "attempt" : "task");
            notifications.Send(isAttempt ? "Workflow execution timeout" : $"Task execution timeout: {tasks}", attempt);
        }
        catch (WorkflowException e)
        {
            log.WriteMain(
                TaskLogLevel.Error,
                $"Uncaught exception when enforcing attempt TTLs of attempt {attempt.Id}. Ignoring. Loop continues.\n{FailureText.Describe(e)}");
        }
    }
}
