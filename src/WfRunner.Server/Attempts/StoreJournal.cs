using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Runtime.Attempts;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>Keeps an attempt's changes in the store, under the node's lease, and hears there that somebody wants it to stop.</summary>
internal sealed class StoreJournal(
    IAttemptStore store, AttemptLease lease, AttemptMachine machine, TaskGate gate, IClock clock, Action cancelRequested) : IAttemptJournal
{
    public async ValueTask SaveAsync(AttemptChanges changes, CancellationToken cancellationToken)
    {
        var end = changes.IsFinished ? new AttemptEnd(clock.GetCurrentInstant(), machine.Root.State == TaskState.Success) : null;
        try
        {
            if (await store.SaveAsync(lease, changes.Tasks, end, cancellationToken).ConfigureAwait(false) && !machine.IsCancelRequested)
            {
                cancelRequested();
            }
        }
        catch (LeaseLostException e)
        {
            throw new AttemptLostException(e.Message);
        }

        gate.Saved(changes.Tasks);
    }
}
