namespace WfRunner.Storage.Signals;

/// <summary>Signals of other nodes that share the store. A store of a single process has none to tell.</summary>
public interface IStoreSignals
{
    /// <summary>Listens from now on, until the store is closed. Own signals may come back too.</summary>
    /// <param name="receiver">Told of each signal, one after another; must return quickly and not throw.</param>
    void Listen(Action<StoreSignal> receiver);
}
