using WfRunner.Core.Engine;

namespace WfRunner.Runtime.Attempts;

/// <summary>
/// Where an attempt's changes are kept: status files of a local run, the database of a server. The runner waits for it before it
/// acts on a change, so an implementation that returns has made the change durable.
/// </summary>
public interface IAttemptJournal
{
    /// <summary>Saves what one event changed.</summary>
    /// <param name="changes">The changes; all or none of them must be kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the changes are kept.</returns>
    /// <exception cref="AttemptLostException">Another node owns the attempt now; the runner stops without acting.</exception>
    ValueTask SaveAsync(AttemptChanges changes, CancellationToken cancellationToken);
}
