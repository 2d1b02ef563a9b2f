namespace WfRunner.Operators.Scripting;

/// <summary>
/// Folders that a task no longer needs, kept for the next one. To remove a folder costs a file system more than to run a short
/// command; to rename one costs next to nothing. What nobody takes within a moment is removed, and so is everything when the
/// program ends.
/// </summary>
internal static class EmptyFolders
{
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(500);

    private static readonly Lock Lock = new();
    private static readonly Dictionary<string, Stack<string>> Free = new(StringComparer.Ordinal);
    private static Timer? _removal;

    /// <summary>Makes a folder for the user alone.</summary>
    /// <param name="path">Absolute path; its parent need not exist.</param>
    public static void Take(string path)
    {
        while (Next(Path.GetDirectoryName(path)!) is { } free)
        {
            try
            {
                Directory.Move(free, path);
                return;
            }
            catch (IOException)
            {
                // Somebody has removed it, for example with the whole project.
            }
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Empties a folder and keeps it for another task.</summary>
    /// <param name="path">A folder from <see cref="Take"/>.</param>
    public static void GiveBack(string path)
    {
        if (!TryEmpty(path))
        {
            return;
        }

        lock (Lock)
        {
            if (_removal is null)
            {
                _removal = new Timer(_ => RemoveAll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveAll();
            }

            var parent = Path.GetDirectoryName(path)!;
            if (!Free.TryGetValue(parent, out var folders))
            {
                Free.Add(parent, folders = new Stack<string>());
            }

            folders.Push(path);
            _removal.Change(Kept, Timeout.InfiniteTimeSpan);
        }
    }

    // False when there is no folder left to keep.
    private static bool TryEmpty(string path)
    {
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                if (entry is DirectoryInfo)
                {
                    // A script has made folders of its own there.
                    Directory.Delete(path, recursive: true);
                    return false;
                }

                entry.Delete();
            }

            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static string? Next(string parent)
    {
        lock (Lock)
        {
            return Free.TryGetValue(parent, out var folders) && folders.TryPop(out var free) ? free : null;
        }
    }

    private static void RemoveAll()
    {
        List<string> folders;
        lock (Lock)
        {
            folders = [.. Free.Values.SelectMany(f => f)];
            Free.Clear();
        }

        foreach (var folder in folders)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It is gone, or somebody has put something there; an empty folder harms nobody.
            }
        }
    }
}
