namespace WfRunner.Operators.Scripting;

/// <summary>
/// The commands that this process has started and that still run. They are in process groups of their own, so nobody ends them when
/// this process has to go at once.
/// </summary>
public static class RunningCommands
{
    private static readonly Lock Lock = new();
    private static readonly HashSet<Entry> Entries = [];

    /// <summary>Ends all of them at once, with everything that they have started, and without a chance to clean up.</summary>
    public static void KillAll()
    {
        Entry[] all;
        lock (Lock)
        {
            all = [.. Entries];
        }

        foreach (var entry in all)
        {
            entry.Kill();
        }
    }

    /// <summary>Notes a command.</summary>
    /// <param name="kill">Ends it; does nothing when it has ended.</param>
    /// <returns>To be disposed of when it has ended.</returns>
    internal static IDisposable Add(Action kill)
    {
        var entry = new Entry(kill);
        lock (Lock)
        {
            Entries.Add(entry);
        }

        return entry;
    }

    private sealed class Entry(Action kill) : IDisposable
    {
        public void Kill() => kill();

        public void Dispose()
        {
            lock (Lock)
            {
                Entries.Remove(this);
            }
        }
    }
}
