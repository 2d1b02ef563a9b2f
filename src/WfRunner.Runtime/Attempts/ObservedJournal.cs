using WfRunner.Core.Engine;

namespace WfRunner.Runtime.Attempts;

/// <summary>Tells an observer about changes once they are kept.</summary>
/// <param name="inner">Keeps them.</param>
/// <param name="observer">Is told.</param>
internal sealed class ObservedJournal(IAttemptJournal inner, IAttemptObserver observer) : IAttemptJournal
{
    /// <inheritdoc/>
    public async ValueTask SaveAsync(AttemptChanges changes, CancellationToken cancellationToken)
    {
        await inner.SaveAsync(changes, cancellationToken).ConfigureAwait(false);
        observer.TasksChanged(changes.Tasks);
    }
}
