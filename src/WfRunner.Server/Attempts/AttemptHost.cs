using System.Collections.Concurrent;
using System.Globalization;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Attempts;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Tasks;
using WfRunner.Server.Loops;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>
/// Runs attempts on this node: those it is handed, and those it finds in the store, left over by another node that is gone, or announced
/// by a backfill. Each runs until it is done, until its lease is lost, or until the server stops; then another node goes on.
/// </summary>
internal sealed class AttemptHost : IAsyncDisposable
{
    private const int AcquiredAtOnce = 10;

    private static readonly Duration FailurePause = Duration.FromSeconds(1);
    private static readonly Duration ShortestGrace = Duration.FromSeconds(4);

    private readonly IStore _store;
    private readonly ITaskRunner _tasks;
    private readonly NodeIdentity _node;
    private readonly int _maximumRunning;
    private readonly ConfigMap _defaults;
    private readonly IClock _clock;
    private readonly TimeProvider _timers;
    private readonly LogOutput _log;
    private readonly LeaseClock _age;
    private readonly LeaseKeeper _keeper;
    private readonly AttemptLoader _loader;
    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _stopLooking = new();
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<AttemptId, RunningAttempt> _running = new();
    private readonly IdleMemory _memory;
    private readonly Lock _lock = new();
    private Task _loop = Task.CompletedTask;
    private bool _stopping;

    public AttemptHost(
        IStore store,
        ITaskRunner tasks,
        NodeIdentity node,
        AttemptLimits limits,
        ConfigMap defaults,
        IClock clock,
        TimeProvider timers,
        LogOutput log)
    {
        _store = store;
        _tasks = tasks;
        _node = node;
        _maximumRunning = limits.Running;
        _defaults = defaults;
        _clock = clock;
        _timers = timers;
        _log = log;
        _age = new LeaseClock(node, clock, timers);
        _keeper = new LeaseKeeper(store.Attempts, node, _age, RequestCancel, clock, timers, log);
        _memory = new IdleMemory(timers);
        _loader = new AttemptLoader(store, limits.Tasks, defaults, clock, timers, log);
    }

    /// <summary>Whether attempts that start now may be run here; otherwise they are left to other nodes, or to the next start.</summary>
    public bool AcceptsAttempts { get; private set; }

    /// <summary>Told, without waiting for it, whenever an attempt does not run here any more; null when nobody wants to know.</summary>
    public Action? Ended { get; set; }

    /// <summary>A moment, to measure from when a lease is taken.</summary>
    public LeaseClock.Reading Now => _age.Read();

    /// <summary>Begins to look for attempts that nobody runs.</summary>
    public void Start()
    {
        AcceptsAttempts = true;
        _keeper.Start();
        _loop = LoopAsync(_stopLooking.Token);
    }

    /// <summary>Says that the store may hold attempts to acquire.</summary>
    public void Wake() => _wakeup.Signal();

    /// <summary>Says that news from other nodes may have been missed.</summary>
    public void LookAround()
    {
        _keeper.Doubt();
        _wakeup.Signal();
    }

    /// <summary>Runs an attempt whose lease this node has.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="taken">A time before it was taken.</param>
    /// <param name="machine">The attempt as it was started.</param>
    public void Run(StoredAttempt attempt, AttemptLease lease, LeaseClock.Reading taken, AttemptMachine machine) =>
        Run(attempt, lease, taken, _ => Task.FromResult<AttemptMachine?>(machine));

    /// <summary>Tells an attempt to stop, if it runs here. The wish is stored already.</summary>
    public void RequestCancel(AttemptId id)
    {
        if (_running.TryGetValue(id, out var running))
        {
            running.Runner?.RequestCancel();
        }
    }

    /// <summary>
    /// Stops: no task starts any more, running tasks end first. Each attempt is given back as soon as none of its own tasks runs, so that
    /// other nodes need not wait for the longest task of all.
    /// </summary>
    /// <param name="hurry">Signalled to end running tasks where they stand.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        List<RunningAttempt> running;
        lock (_lock)
        {
            (_stopping, AcceptsAttempts) = (true, false);
            running = [.. _running.Values];
        }

        await _stopLooking.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var tasks = running.Sum(r => r.Gate.RunningCount);
        if (tasks > 0)
        {
            _log.WriteMain(
                TaskLogLevel.Info, string.Create(CultureInfo.InvariantCulture, $"Waiting for completion of {tasks} running tasks..."));
        }

        await Task.WhenAll(running.Select(r => HandOverAsync(r, hurry))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            (_stopping, AcceptsAttempts) = (true, false);
        }

        await _stopLooking.CancelAsync().ConfigureAwait(false);
        await _end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values.Select(r => r.Task).Append(_loop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _keeper.DisposeAsync().ConfigureAwait(false);
        _memory.Dispose();
        _stopLooking.Dispose();
        _end.Dispose();
    }

    private async Task HandOverAsync(RunningAttempt running, CancellationToken hurry)
    {
        await running.Gate.CloseAsync().WaitAsync(hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        running.Stop();
        await running.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await GiveBackAsync(running.Lease.Lease).ConfigureAwait(false);
    }

    // Who cannot say that it gives a lease back lets it expire.
    private async Task GiveBackAsync(AttemptLease lease)
    {
        try
        {
            await _store.Attempts.ReleaseAsync([lease], CancellationToken.None).ConfigureAwait(false);
        }
        catch (WorkflowException e)
        {
            _log.WriteMain(TaskLogLevel.Warn, $"The lease of attempt {lease.AttemptId} could not be given back and will expire: {FailureText.Describe(e)}");
        }
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        var notBefore = Instant.MinValue;
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = FailurePause;
            try
            {
                if (_clock.GetCurrentInstant() < notBefore)
                {
                    await _store.Attempts.NextExpiryAsync(_node.Claim(_clock.GetCurrentInstant()), cancellationToken).ConfigureAwait(false);
                    await _wakeup.WaitAsync(notBefore, _clock, _timers, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                var acquired = await AcquireAsync(cancellationToken).ConfigureAwait(false);
                pause = acquired == AcquiredAtOnce ? Duration.Zero : await PauseAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreUnavailableException)
            {
                // Said where the connection for signals is watched, once and not every second. All nodes were cut off, so leases have run
                // out whose holders still live: they get the time to say what has succeeded, and to renew.
                notBefore = _clock.GetCurrentInstant() + Duration.Max(_node.RenewInterval, ShortestGrace);
            }
            catch (WorkflowException e)
            {
                _log.WriteMain(TaskLogLevel.Error, "Looking for attempts to run failed and will be tried again: " + FailureText.Describe(e));
            }

            await _wakeup.WaitAsync(_clock.GetCurrentInstant() + pause, _clock, _timers, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Signals wake this loop; what it looks for by itself is the end of another node's lease, to the moment. Leases that begin meanwhile
    // live longer than the pause.
    private async Task<Duration> PauseAsync(CancellationToken cancellationToken)
    {
        var expiry = await _store.Attempts.NextExpiryAsync(_node.Claim(_clock.GetCurrentInstant()), cancellationToken).ConfigureAwait(false);
        return expiry is { } left && left < _node.RenewInterval ? Duration.Max(left + Duration.FromMilliseconds(1), Duration.Zero) : _node.RenewInterval;
    }

    private async Task<int> AcquireAsync(CancellationToken cancellationToken)
    {
        var asked = _age.Read();
        var acquired = await _store.Attempts.AcquireAsync(
            _node.Claim(_clock.GetCurrentInstant()), AcquiredAtOnce, _maximumRunning, cancellationToken).ConfigureAwait(false);
        foreach (var leased in acquired)
        {
            Run(leased.Attempt, leased.Lease, asked, c => _loader.LoadAsync(leased, c));
        }

        return acquired.Count;
    }

    private void Run(
        StoredAttempt attempt, AttemptLease lease, LeaseClock.Reading taken, Func<CancellationToken, Task<AttemptMachine?>> load)
    {
        var held = new HeldLease(lease, _age, taken);
        var running = new RunningAttempt(attempt, held, new TaskGate(_tasks, held, _keeper.Doubt), _end.Token);
        lock (_lock)
        {
            if (!_stopping)
            {
                _running[attempt.Id] = running;
                _keeper.Add(held);
                _memory.Busy();
                running.Task = RunAsync(running, load);
                return;
            }
        }

        running.Dispose();
        _ = GiveBackAsync(lease);
    }

    private async Task RunAsync(RunningAttempt running, Func<CancellationToken, Task<AttemptMachine?>> load)
    {
        // Whoever handed the attempt over is not to wait for its first tasks.
        await Task.Yield();
        var attempt = running.Attempt;
        try
        {
            if (await load(running.Stopped).ConfigureAwait(false) is { } machine)
            {
                await RunAsync(running, machine).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (running.Stopped.IsCancellationRequested)
        {
            // Whoever has it next goes on where it stands.
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
            _keeper.Remove(running.Lease);
            _running.TryRemove(new(attempt.Id, running));
            running.Gate.Forget();
            if (_running.IsEmpty)
            {
                _memory.Idle();
            }

            // Attempts that waited for this session, or for room in its pool, may start now.
            _wakeup.Signal();
            Ended?.Invoke();
        }
    }

    private async Task RunAsync(RunningAttempt running, AttemptMachine machine)
    {
        var journal = new StoreJournal(
            _store.Attempts, running.Lease.Lease, machine, running.Gate, _clock, _timers, () => running.Runner?.RequestCancel(), _end.Token);
        using var runner = new AttemptRunner(
            machine, running.Attempt.ToInfo(_defaults), running.Gate, journal, _clock, n => _log.WriteMain(n.Level, n.Message));
        running.Runner = runner;
        try
        {
            await runner.RunAsync(running.Stopped).ConfigureAwait(false);
        }
        finally
        {
            running.Runner = null;
        }
    }
}
