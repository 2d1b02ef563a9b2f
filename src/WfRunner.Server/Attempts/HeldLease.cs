using NodaTime;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>
/// A lease while this node has it. Between two renewals the node trusts it for a while only: a process that was stopped, or cut off from
/// the database, must not begin a task that another node may have begun meanwhile. Safe for several threads.
/// </summary>
internal sealed class HeldLease : IDisposable
{
    private readonly LeaseClock _clock;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LeaseClock.Reading _confirmed;

    /// <summary>Begins to trust a lease.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="clock">Measures its age.</param>
    /// <param name="taken">A time before it was asked for.</param>
    public HeldLease(AttemptLease lease, LeaseClock clock, LeaseClock.Reading taken)
    {
        (Lease, _clock, _confirmed) = (lease, clock, taken);
        Lost = _lost.Token;
    }

    public AttemptLease Lease { get; }

    /// <summary>Signalled when another node has the attempt, or may have it.</summary>
    public CancellationToken Lost { get; }

    /// <summary>How much longer the lease may be trusted; not positive when only the database can tell.</summary>
    public Duration TrustLeft
    {
        get
        {
            lock (_lock)
            {
                return _clock.TrustTime - _clock.Since(_confirmed);
            }
        }
    }

    /// <summary>The database said that the lease is still held.</summary>
    /// <param name="asked">A time before it was asked.</param>
    public void Confirm(LeaseClock.Reading asked)
    {
        TaskCompletionSource verdict;
        lock (_lock)
        {
            _confirmed = asked;
            (verdict, _verdict) = (_verdict, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        verdict.TrySetResult();
    }

    /// <summary>The lease is gone: whatever runs under it ends.</summary>
    public void Lose() => _lost.Cancel();

    /// <summary>Waits until the lease may be trusted.</summary>
    /// <param name="doubt">Called when the database has to be asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">It is lost, or the wait was given up.</exception>
    public async Task TrustAsync(Action doubt, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task verdict;
            lock (_lock)
            {
                verdict = _verdict.Task;
            }

            Lost.ThrowIfCancellationRequested();
            if (TrustLeft > Duration.Zero)
            {
                return;
            }

            doubt();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(Lost, cancellationToken);
            await verdict.WaitAsync(either.Token).ConfigureAwait(false);
        }
    }

    public void Dispose() => _lost.Dispose();
}
