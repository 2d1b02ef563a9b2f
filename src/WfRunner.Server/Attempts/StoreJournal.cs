using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Runtime.Attempts;
using WfRunner.Server.Loops;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>
/// Keeps an attempt's changes in the store, under the node's lease, and hears there that somebody wants it to stop. When the database is
/// away it waits for it: a task that has succeeded is to be known as such, also when the lease has run out meanwhile and nobody took it.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="lease">The right to save.</param>
/// <param name="machine">The attempt.</param>
/// <param name="gate">Told what is saved.</param>
/// <param name="clock">The clock.</param>
/// <param name="timers">Makes the pauses while the database is away.</param>
/// <param name="cancelRequested">Told that the attempt is to stop.</param>
/// <param name="ended">Signalled when the process gives its work up where it stands.</param>
internal sealed class StoreJournal(
    IAttemptStore store,
    AttemptLease lease,
    AttemptMachine machine,
    TaskGate gate,
    IClock clock,
    TimeProvider timers,
    Action cancelRequested,
    CancellationToken ended) : IAttemptJournal
{
    public async ValueTask SaveAsync(AttemptChanges changes, CancellationToken cancellationToken)
    {
        var end = changes.IsFinished ? new AttemptEnd(clock.GetCurrentInstant(), machine.Root.State == TaskState.Success) : null;
        try
        {
            if (await Patience.AskAsync(c => store.SaveAsync(lease, changes.Tasks, end, c), timers, ended).ConfigureAwait(false)
                && !machine.IsCancelRequested)
            {
                cancelRequested();
            }
        }
        catch (LeaseLostException e)
        {
            throw new AttemptLostException(e.Message);
        }

        gate.Saved(changes);
    }
}
