namespace WfRunner.Runtime.Tasks;

/// <summary>How many tasks run at once, over all attempts that share it.</summary>
public sealed class WorkerLimit : IDisposable
{
    private readonly SemaphoreSlim? _free;

    /// <summary>Sets a limit.</summary>
    /// <param name="maximum">The most tasks; 0 or less for no limit.</param>
    public WorkerLimit(int maximum) => _free = maximum > 0 ? new SemaphoreSlim(maximum) : null;

    /// <summary>Waits for a worker.</summary>
    /// <returns>A task that ends when there is one; it is to be given back.</returns>
    public Task TakeAsync() => _free?.WaitAsync(CancellationToken.None) ?? Task.CompletedTask;

    /// <summary>Gives a worker back.</summary>
    public void GiveBack() => _free?.Release();

    /// <inheritdoc/>
    public void Dispose() => _free?.Dispose();
}
