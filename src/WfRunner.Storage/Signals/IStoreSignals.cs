namespace WfRunner.Storage.Signals;

/// <summary>Signals of other nodes that share the store. A store of a single process has none to tell.</summary>
public interface IStoreSignals
{
    /// <summary>Listens from now on, until the store is closed. Own signals may come back too.</summary>
    /// <param name="receiver">Told of each signal, one after another; must return quickly and not throw.</param>
    void Listen(Action<StoreSignal> receiver);

    /// <summary>Tells the other nodes something that the store itself does not know of; they get it as <see cref="StoreSignal.Message"/>.</summary>
    /// <param name="texts">At most <see cref="MaximumBytes"/> bytes of UTF-8 each; longer ones are left out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are sent; whether anybody hears them nobody knows.</returns>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    Task SendAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);

    /// <summary>The longest text, in bytes of UTF-8.</summary>
    static int MaximumBytes => 7000;
}
