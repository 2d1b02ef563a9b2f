namespace WfRunner.Server.Attempts;

/// <summary>
/// Gives memory back to the system when a node has had nothing to run for a while. The collector keeps what a busy time needed, in case
/// it comes again; a server waits for most of its life.
/// </summary>
internal sealed class IdleMemory : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;

    public IdleMemory(TimeProvider timers) => _timer = timers.CreateTimer(
        static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
        null,
        Timeout.InfiniteTimeSpan,
        Timeout.InfiniteTimeSpan);

    /// <summary>Told that something runs.</summary>
    public void Busy() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Told that nothing runs any more.</summary>
    public void Idle() => _timer.Change(Pause, Timeout.InfiniteTimeSpan);

    public void Dispose() => _timer.Dispose();
}
