namespace WfRunner.Storage.Triggers;

/// <summary>Triggers of workflows, which come and go with pushes, and what they are to start.</summary>
public interface ITriggerStore
{
    /// <summary>Lists triggers, by the names of what they start.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The triggers.</returns>
    Task<IReadOnlyList<StoredTrigger>> ListAsync(int siteId, CancellationToken cancellationToken);

    /// <summary>Lists what is to be started, the oldest first.</summary>
    /// <param name="after">Only later ones than this; 0 for all.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The firings.</returns>
    Task<IReadOnlyList<TriggerFiring>> ListFiringsAsync(long after, int count, CancellationToken cancellationToken);

    /// <summary>Gives up on one that can never be started.</summary>
    /// <param name="firing">The firing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was still there.</returns>
    Task<bool> ForgetAsync(TriggerFiring firing, CancellationToken cancellationToken);
}
