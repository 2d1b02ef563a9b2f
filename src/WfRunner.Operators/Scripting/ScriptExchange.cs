using System.Text;

namespace WfRunner.Operators.Scripting;

/// <summary>
/// A folder in which a task and its script exchange files. Only the user may read it, and its files are removed with the task:
/// parameters may hold what nobody else should see.
/// </summary>
internal sealed class ScriptExchange : IDisposable
{
    private const string Memory = "/dev/shm";
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    private static readonly Lazy<Task> Cleaning = new(() => Task.Run(RemoveAbandoned));

    private readonly string _directory;
    private readonly bool _isInMemory;

    private ScriptExchange(string directory, bool isInMemory)
    {
        _directory = directory;
        _isInMemory = isInMemory;
    }

    /// <summary>A folder in the project, where every interpreter finds it, also one that sees nothing but the project.</summary>
    public static ScriptExchange Create(string projectDirectory, string name)
    {
        var path = Path.Combine(FolderOf(projectDirectory), $"{name}-{Guid.NewGuid():N}");
        EmptyFolders.Take(path);
        return new ScriptExchange(path, isInMemory: false);
    }

    /// <summary>
    /// A folder in memory that holds one file, for an interpreter that sees the same files as this process: what a script says
    /// never reaches a disk, and a short command does not wait for one.
    /// </summary>
    /// <returns>The folder; null where the system has no such place, or no room in it.</returns>
    public static ScriptExchange? TryCreateInMemory(string projectDirectory, string name, string file, string text)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        _ = Cleaning.Value;
        var exchange = new ScriptExchange(Path.Combine(Memory, $"{name}-{Guid.NewGuid():N}"), isInMemory: true);
        try
        {
            // A script may count on the folder that Digdag has made by then.
            Directory.CreateDirectory(FolderOf(projectDirectory));
            Directory.CreateDirectory(exchange._directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(exchange.PathOf(file), text, new UTF8Encoding(false));
            return exchange;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            exchange.Dispose();
            return null;
        }
    }

    public string PathOf(string file) => Path.Combine(_directory, file);

    public async Task<string> WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        var path = PathOf(file);

        // What is small is written before a thread of the pool could even begin with it.
        const int small = 64 * 1024;
        if (text.Length < small)
        {
            File.WriteAllText(path, text, new UTF8Encoding(false));
        }
        else
        {
            await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
        }

        return path;
    }

    public void Dispose()
    {
        if (!_isInMemory)
        {
            EmptyFolders.GiveBack(_directory);
        }
        else if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static string FolderOf(string projectDirectory) => Path.Combine(projectDirectory, ".digdag", "tmp");

    // A run that was killed without warning could not remove its own.
    private static void RemoveAbandoned()
    {
        var limit = TimeProvider.System.GetUtcNow() - Abandoned;
        try
        {
            foreach (var folder in new DirectoryInfo(Memory).EnumerateDirectories("digdag-sh-*").Where(f => f.LastWriteTimeUtc < limit.UtcDateTime))
            {
                folder.Delete(recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or another run is cleaning too.
        }
    }
}
