using WfRunner.Storage;

namespace WfRunner.Server.Loops;

/// <summary>Waits out a database that is away: what a task or an attempt needs from it is asked for again until it answers.</summary>
internal static class Patience
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="ask">The question; it must do no harm when it is asked twice.</param>
    /// <param name="timers">Makes the pauses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public static async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, TimeProvider timers, CancellationToken cancellationToken)
    {
        for (var pause = First; ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            try
            {
                return await ask(cancellationToken).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(pause, timers, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
