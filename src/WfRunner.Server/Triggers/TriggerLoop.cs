using System.Globalization;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Attempts;
using WfRunner.Server.Loops;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Triggers;

namespace WfRunner.Server.Triggers;

/// <summary>
/// Starts the workflows whose triggers have fired: hosted-dialect 18.5. What is to be started is stored with the success of the attempt
/// that caused it and deleted with the start, so that each starts once, whichever nodes die in between.
/// </summary>
internal sealed class TriggerLoop(
    IStore store, AttemptStarter starter, Duration longestPause, IClock clock, TimeProvider timers, LogOutput log) : IAsyncDisposable
{
    private const int AtOnce = 100;

    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<long> _putOff = [];
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins.</summary>
    public void Start() => _loop = LoopAsync();

    /// <summary>Says that a trigger may have fired.</summary>
    public void Wake() => _wakeup.Signal();

    /// <summary>Ends; the start that is on its way is waited for.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    // Nodes hear of their own attempts only. What a dead node leaves behind is found by the look that every node takes now and then.
    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await FireAllAsync().ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                // Said where the connection for signals is watched.
            }
            catch (WorkflowException e)
            {
                log.WriteMain(TaskLogLevel.Error, "Starting triggered workflows failed and will be tried again: " + FailureText.Describe(e));
            }

            await _wakeup.WaitAsync(clock.GetCurrentInstant() + longestPause, clock, timers, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FireAllAsync()
    {
        var after = 0L;
        var seen = new HashSet<long>();
        while (!_stop.IsCancellationRequested)
        {
            var firings = await store.Triggers.ListFiringsAsync(after, AtOnce, _stop.Token).ConfigureAwait(false);
            foreach (var firing in firings)
            {
                seen.Add(firing.Id);
                await FireAsync(firing).ConfigureAwait(false);
            }

            if (firings.Count < AtOnce)
            {
                // Another node may have started what had to wait here.
                _putOff.IntersectWith(seen);
                return;
            }

            after = firings[^1].Id;
        }
    }

    // One that cannot be started must not hold the others up.
    private async Task FireAsync(TriggerFiring firing)
    {
        try
        {
            await StartAsync(firing).ConfigureAwait(false);
            _putOff.Remove(firing.Id);
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.AttemptLimitExceeded)
        {
            if (_putOff.Add(firing.Id))
            {
                log.WriteMain(TaskLogLevel.Warn, $"{Describe(firing)} has to wait: {e.Message}");
            }
        }
        catch (WorkflowException e) when (e is not StoreUnavailableException && e.Kind != FailureKind.Database)
        {
            log.WriteMain(TaskLogLevel.Error, $"{Describe(firing)} cannot be started and is given up: {FailureText.Describe(e)}");
            await store.Triggers.ForgetAsync(firing, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task StartAsync(TriggerFiring firing)
    {
        var workflow = await store.Projects.FindWorkflowAsync(firing.SiteId, firing.Workflow, CancellationToken.None).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: workflow id={firing.Workflow}");
        var outcome = await starter.StartAsync(
            new StartRequest
            {
                SiteId = firing.SiteId,
                Workflow = workflow,
                SessionTime = firing.SessionTime,
                NameWhenRepeated = string.Create(CultureInfo.InvariantCulture, $"trigger-{firing.Upstream}"),
                Queues = QueueWish.Always,
                Cause = new StartCause.Trigger(firing),
            },
            CancellationToken.None).ConfigureAwait(false);
        if (outcome is StartOutcome.Conflict conflict)
        {
            log.WriteMain(TaskLogLevel.Warn, $"{Describe(firing)} was started before, as attempt {conflict.Existing.Id}");
        }
    }

    private static string Describe(TriggerFiring firing) => string.Create(
        CultureInfo.InvariantCulture, $"The workflow with id {firing.Workflow}, triggered by attempt {firing.Upstream} (session time {firing.SessionTime}),");
}
