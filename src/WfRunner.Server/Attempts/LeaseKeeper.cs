using System.Collections.Concurrent;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Loops;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>
/// Renews the leases of this node, all in one statement, and ends what runs under those that are lost: because the database says so, or
/// because it has not answered for as long as a lease lives. Hears on the way which attempts are to stop.
/// </summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private static readonly Duration RetryPause = Duration.FromSeconds(1);
    private static readonly Duration ShortestWait = Duration.FromSeconds(2);

    private readonly IAttemptStore _store;
    private readonly NodeIdentity _node;
    private readonly LeaseClock _age;
    private readonly Action<AttemptId> _cancelRequested;
    private readonly IClock _clock;
    private readonly TimeProvider _timers;
    private readonly LogOutput _log;
    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<AttemptId, HeldLease> _held = new();
    private volatile bool _isDoubted;
    private Task _loop = Task.CompletedTask;

    public LeaseKeeper(
        IAttemptStore store,
        NodeIdentity node,
        LeaseClock age,
        Action<AttemptId> cancelRequested,
        IClock clock,
        TimeProvider timers,
        LogOutput log)
    {
        _store = store;
        _node = node;
        _age = age;
        _cancelRequested = cancelRequested;
        _clock = clock;
        _timers = timers;
        _log = log;
    }

    public void Start() => _loop = LoopAsync(_stop.Token);

    /// <summary>Keeps a lease from now on.</summary>
    public void Add(HeldLease lease)
    {
        _held[lease.Lease.AttemptId] = lease;
        if (lease.TrustLeft < _node.RenewInterval)
        {
            Doubt();
        }
    }

    /// <summary>Keeps a lease no more: its attempt has ended here.</summary>
    public void Remove(HeldLease lease) => _held.TryRemove(new(lease.Lease.AttemptId, lease));

    /// <summary>Asks the database now, because something may have been missed.</summary>
    public void Doubt()
    {
        _isDoubted = true;
        _wakeup.Signal();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        var renewAt = _clock.GetCurrentInstant() + _node.RenewInterval;
        while (!cancellationToken.IsCancellationRequested)
        {
            var now = _clock.GetCurrentInstant();
            if (now >= renewAt || _isDoubted || _held.Values.Any(h => h.TrustLeft <= Duration.Zero))
            {
                _isDoubted = false;
                renewAt = now + (await RenewAsync(cancellationToken).ConfigureAwait(false) ? _node.RenewInterval : RetryPause);
            }

            var until = _held.Values.Select(h => now + h.TrustLeft).Append(renewAt).Min();
            await _wakeup.WaitAsync(until, _clock, _timers, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        var held = _held.Values.ToList();
        if (held.Count == 0)
        {
            return true;
        }

        // An answer that comes later than this would be of no use.
        var patience = Duration.Max(held.Min(h => h.TrustLeft), ShortestWait);
        var asked = _age.Read();
        try
        {
            var answer = await AskAsync([.. held.Select(h => h.Lease)], patience, cancellationToken).ConfigureAwait(false);
            held.ForEach(h => Apply(h, answer, asked));
            return true;
        }
        catch (Exception e) when (e is WorkflowException or TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            foreach (var lease in held.Where(h => h.TrustLeft <= Duration.Zero))
            {
                _log.WriteMain(
                    TaskLogLevel.Error,
                    $"Attempt {lease.Lease.AttemptId} is given up: its lease could not be renewed in time, another server may have it now");
                Drop(lease);
            }

            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Where the network swallows everything, also the wish to give a statement up is not answered: so it is left to itself.
    private async Task<LeaseRenewal> AskAsync(IReadOnlyCollection<AttemptLease> leases, Duration patience, CancellationToken cancellationToken)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewal = Task.Run(() => _store.RenewAsync(_node.Claim(_clock.GetCurrentInstant()), leases, stop.Token), CancellationToken.None);
        try
        {
            return await renewal.WaitAsync(patience.ToTimeSpan(), _timers, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _ = EndAsync(renewal, stop);
        }
    }

    private static async Task EndAsync(Task renewal, CancellationTokenSource stop)
    {
        if (!renewal.IsCompleted)
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }

        await renewal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private void Apply(HeldLease lease, LeaseRenewal answer, LeaseClock.Reading asked)
    {
        var id = lease.Lease.AttemptId;
        if (answer.Held.Contains(id))
        {
            lease.Confirm(asked);
            if (answer.CancelRequested.Contains(id))
            {
                _cancelRequested(id);
            }
        }
        else if (_held.ContainsKey(id))
        {
            // Not when the attempt has ended while the answer was on its way.
            Drop(lease);
        }
    }

    private void Drop(HeldLease lease)
    {
        Remove(lease);
        lease.Lose();
    }
}
