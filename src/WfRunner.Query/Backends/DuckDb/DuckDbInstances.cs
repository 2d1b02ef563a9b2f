namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// The open engines of this process by folder. An engine is closed with its last user, so that other processes can open the
/// files. There is one registry a process, because the files' locks are the process's.
/// </summary>
internal static class DuckDbInstances
{
    private static readonly Dictionary<string, (DuckDbInstance Instance, int Users)> Open = new(StringComparer.Ordinal);
    private static readonly Lock Gate = new();

    /// <summary>Takes a share in the engine of a folder.</summary>
    public static Lease Acquire(string directory)
    {
        var key = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        lock (Gate)
        {
            var (instance, users) = Open.TryGetValue(key, out var known) ? known : (new DuckDbInstance(key), 0);
            Open[key] = (instance, users + 1);
            return new Lease(key, instance);
        }
    }

    private static void Release(string key)
    {
        lock (Gate)
        {
            var (instance, users) = Open[key];
            if (users > 1)
            {
                Open[key] = (instance, users - 1);
                return;
            }

            Open.Remove(key);
            instance.Dispose();
        }
    }

    /// <summary>A share in an engine.</summary>
    internal sealed class Lease(string key, DuckDbInstance instance) : IDisposable
    {
        private bool _isReleased;

        public DuckDbInstance Instance => instance;

        public void Dispose()
        {
            if (!_isReleased)
            {
                _isReleased = true;
                Release(key);
            }
        }
    }
}
