using System.Collections.Concurrent;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Attempts;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Loops;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>
/// Runs attempts on this node: those it is handed, and those it finds in the store, left over by a crash or announced by a
/// backfill. Each runs until it is done, or until the server stops, and then goes on at the next start.
/// </summary>
internal sealed class AttemptHost : IAsyncDisposable
{
    private const int AcquiredAtOnce = 10;

    private readonly IStore _store;
    private readonly TaskGate _gate;
    private readonly NodeIdentity _node;
    private readonly int _maximumTasks;
    private readonly ConfigMap _defaults;
    private readonly IClock _clock;
    private readonly TimeProvider _timers;
    private readonly LogOutput _log;
    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<AttemptId, RunningAttempt> _running = new();
    private Task _loop = Task.CompletedTask;

    public AttemptHost(
        IStore store, TaskGate gate, NodeIdentity node, int maximumTasks, ConfigMap defaults, IClock clock, TimeProvider timers, LogOutput log)
    {
        _store = store;
        _gate = gate;
        _node = node;
        _maximumTasks = maximumTasks;
        _defaults = defaults;
        _clock = clock;
        _timers = timers;
        _log = log;
    }

    /// <summary>Begins to look for attempts that nobody runs.</summary>
    public void Start() => _loop = LoopAsync(_stop.Token);

    /// <summary>Says that the store may hold attempts to acquire.</summary>
    public void Wake() => _wakeup.Signal();

    /// <summary>Runs an attempt whose lease this node has.</summary>
    public void Run(AttemptMachine machine, StoredAttempt attempt, AttemptLease lease)
    {
        if (!_stop.IsCancellationRequested)
        {
            var running = new RunningAttempt(lease);
            _running[attempt.Id] = running;
            running.Task = RunAsync(running, machine, attempt);
        }
    }

    /// <summary>Tells an attempt to stop, if it runs here. The wish is stored already.</summary>
    public void RequestCancel(AttemptId id)
    {
        if (_running.TryGetValue(id, out var running))
        {
            running.Runner?.RequestCancel();
        }
    }

    /// <summary>Stops: no task starts any more, running tasks end first.</summary>
    /// <param name="hurry">Signalled to end running tasks where they stand.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        await _gate.CloseAsync().WaitAsync(hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values.Select(r => r.Task).Append(_loop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _store.Attempts.ReleaseAsync(_node.Name, CancellationToken.None).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values.Select(r => r.Task).Append(_loop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        var renewAt = _clock.GetCurrentInstant() + NodeIdentity.RenewInterval;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (_clock.GetCurrentInstant() >= renewAt)
                {
                    await RenewAsync(cancellationToken).ConfigureAwait(false);
                    renewAt = _clock.GetCurrentInstant() + NodeIdentity.RenewInterval;
                }

                if (await AcquireAsync(cancellationToken).ConfigureAwait(false) < AcquiredAtOnce)
                {
                    await _wakeup.WaitAsync(_running.IsEmpty ? null : renewAt, _clock, _timers, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (WorkflowException e)
            {
                _log.WriteMain(TaskLogLevel.Error, "Looking for attempts to run failed and will be tried again: " + FailureText.Describe(e));
                await _wakeup.WaitAsync(null, _clock, _timers, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task RenewAsync(CancellationToken cancellationToken)
    {
        var leases = _running.Values.Select(r => r.Lease).ToList();
        return leases.Count == 0
            ? Task.CompletedTask
            : _store.Attempts.RenewAsync(_node.Claim(_clock.GetCurrentInstant()), leases, cancellationToken);
    }

    private async Task<int> AcquireAsync(CancellationToken cancellationToken)
    {
        var acquired = await _store.Attempts.AcquireAsync(_node.Claim(_clock.GetCurrentInstant()), AcquiredAtOnce, cancellationToken)
            .ConfigureAwait(false);
        foreach (var attempt in acquired)
        {
            await GoOnAsync(attempt, cancellationToken).ConfigureAwait(false);
        }

        return acquired.Count;
    }

    private async Task GoOnAsync(LeasedAttempt leased, CancellationToken cancellationToken)
    {
        var (attempt, lease) = (leased.Attempt, leased.Lease);
        if (leased.Tasks.Count > 0)
        {
            _log.WriteMain(TaskLogLevel.Info, $"Going on with attempt {attempt.Id} of workflow {attempt.WorkflowName}");
            var machine = AttemptMachine.Restore(
                attempt.ToInfo(_defaults),
                leased.Tasks,
                _maximumTasks,
                _store.Attempts.OpenTaskIds(),
                attempt.IsCancelRequested,
                ResumedTasks.ByName(leased.ResumedTasks));
            Run(machine, attempt, lease);
            return;
        }

        try
        {
            Run(await BeginAsync(attempt, lease, cancellationToken).ConfigureAwait(false), attempt, lease);
        }
        catch (WorkflowException e) when (e is not LeaseLostException && e.Kind != FailureKind.Database)
        {
            // Digdag leaves such an attempt "running" for ever.
            _log.WriteMain(TaskLogLevel.Warn, $"Attempt {attempt.Id} cannot start: {FailureText.Describe(e)}");
            await _store.Attempts.SaveAsync(lease, [], new AttemptEnd(_clock.GetCurrentInstant(), IsSuccess: false), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task<AttemptMachine> BeginAsync(StoredAttempt attempt, AttemptLease lease, CancellationToken cancellationToken)
    {
        var workflow = await _store.Projects.FindWorkflowAsync(attempt.SiteId, attempt.WorkflowId, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: workflow id={attempt.WorkflowId}");
        var machine = AttemptMachine.Create(
            attempt.ToInfo(_defaults),
            WorkflowCompiler.Compile(workflow.Definition),
            _maximumTasks,
            _store.Attempts.OpenTaskIds(),
            _clock.GetCurrentInstant());
        await _store.Attempts.SaveAsync(lease, [.. machine.Tasks], null, cancellationToken).ConfigureAwait(false);
        return machine;
    }

    private async Task RunAsync(RunningAttempt running, AttemptMachine machine, StoredAttempt attempt)
    {
        // Whoever handed the attempt over is not to wait for its first tasks.
        await Task.Yield();
        var journal = new StoreJournal(_store.Attempts, running.Lease, machine, _gate, _clock, () => running.Runner?.RequestCancel());
        using var runner = new AttemptRunner(machine, attempt.ToInfo(_defaults), _gate, journal, _clock, n => _log.WriteMain(n.Level, n.Message));
        running.Runner = runner;
        try
        {
            await runner.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The next start goes on where it stands.
        }
        catch (WorkflowException e)
        {
            _log.WriteMain(TaskLogLevel.Error, $"Attempt {attempt.Id} is left to the next node: {FailureText.Describe(e)}");
        }
#pragma warning disable CA1031 // A fault of one attempt must not end the server; its lease runs out and it is taken up again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.WriteMain(TaskLogLevel.Error, $"Attempt {attempt.Id} stopped by a fault and is left to the next node: {e}");
        }
        finally
        {
            running.Runner = null;
            _running.TryRemove(attempt.Id, out _);
            _gate.Forget(machine.Tasks);

            // Attempts that waited for this session may start now.
            _wakeup.Signal();
        }
    }

    private sealed class RunningAttempt(AttemptLease lease)
    {
        public AttemptLease Lease => lease;

        public AttemptRunner? Runner { get; set; }

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
