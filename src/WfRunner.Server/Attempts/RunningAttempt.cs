using WfRunner.Runtime.Attempts;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>An attempt that this node runs.</summary>
internal sealed class RunningAttempt : IDisposable
{
    private readonly CancellationTokenSource _stop;

    public RunningAttempt(StoredAttempt attempt, HeldLease lease, TaskGate gate, CancellationToken ended)
    {
        (Attempt, Lease, Gate) = (attempt, lease, gate);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, ended);
    }

    public StoredAttempt Attempt { get; }

    public HeldLease Lease { get; }

    public TaskGate Gate { get; }

    /// <summary>What drives it; null before it is loaded.</summary>
    public AttemptRunner? Runner { get; set; }

    /// <summary>Ends when the attempt is run here no more.</summary>
    public Task Task { get; set; } = Task.CompletedTask;

    /// <summary>Signalled when the attempt is to be left where it stands.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Leaves the attempt where it stands.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _stop.Dispose();
        Lease.Dispose();
    }
}
