namespace WfRunner.Query.Backends;

/// <summary>
/// Runs native calls that block for as long as a query takes. Engines inside the process have no asynchronous interface, so a long
/// call gets a thread of its own instead of one of the pool.
/// </summary>
internal static class BlockingWork
{
    private static readonly TimeSpan InterruptPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs work that may be interrupted.</summary>
    /// <param name="work">The blocking call.</param>
    /// <param name="interrupt">Makes it end early.</param>
    /// <param name="cancellationToken">Interrupts the work; the task ends only when the work has ended.</param>
    /// <exception cref="OperationCanceledException">The work was interrupted.</exception>
    public static Task RunAsync(Action work, Action interrupt, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            work();
            return true;
        },
        interrupt,
        cancellationToken);

    /// <summary>Runs work that gives a result and may be interrupted.</summary>
    public static async Task<T> RunAsync<T>(Func<T> work, Action interrupt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var running = Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        if (cancellationToken.CanBeCanceled)
        {
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = cancellationToken.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), cancelled);
            await Task.WhenAny(running, cancelled.Task).ConfigureAwait(false);

            // An interrupt counts for the statement that runs at that moment only, and between two statements none does: so until it
            // has worked.
            while (!running.IsCompleted)
            {
                interrupt();
                await Task.WhenAny(running, Task.Delay(InterruptPause, CancellationToken.None)).ConfigureAwait(false);
            }
        }

        try
        {
            return await running.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IInterruption { IsInterrupt: true } && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("the query was cancelled", e, cancellationToken);
        }
    }
}
