namespace WfRunner.Storage.Signals;

/// <summary>The signals of a store that belongs to one process: there is nobody to hear from.</summary>
internal sealed class NoSignals : IStoreSignals
{
    public static readonly NoSignals Instance = new();

    public void Listen(Action<StoreSignal> receiver)
    {
    }

    public Task SendAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => Task.CompletedTask;
}
