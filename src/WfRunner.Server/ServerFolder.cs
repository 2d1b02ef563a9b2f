using System.Text;

namespace WfRunner.Server;

/// <summary>
/// The folder below <c>tmpdir</c> that one server works in. It holds a lock as long as it lives; what a server leaves that was killed is
/// known by the lock that nobody holds, and is cleaned up by the next one that starts on the machine.
/// </summary>
internal sealed class ServerFolder : IDisposable
{
    private const string NamePrefix = "wf-server-";
    private const string OwnerFile = "owner";

    private readonly FileStream _owner;

    private ServerFolder(string path, FileStream owner)
    {
        Path = path;
        _owner = owner;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Folder of the tasks' workspaces.</summary>
    public string Workspaces => System.IO.Path.Combine(Path, "workspace");

    /// <summary>Folder of the unpacked revisions that workspaces are copied from.</summary>
    public string Revisions => System.IO.Path.Combine(Path, "revision");

    /// <summary>Folder of logs on their way to where they are kept.</summary>
    public string TaskLogs => System.IO.Path.Combine(Path, "log");

    /// <summary>Whether there are such logs.</summary>
    public bool HasTaskLogs => Directory.Exists(TaskLogs) && Directory.EnumerateFiles(TaskLogs, "*", SearchOption.AllDirectories).Any();

    /// <summary>Whether it is to stay for the next server, because something in it must not be lost.</summary>
    public bool IsKept { get; set; }

    /// <summary>Makes a folder.</summary>
    /// <param name="temporaryDirectory">Where; made when it is missing.</param>
    public static ServerFolder Create(string temporaryDirectory)
    {
        var path = System.IO.Path.Combine(temporaryDirectory, NamePrefix + Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(path);
        var owner = new FileStream(System.IO.Path.Combine(path, OwnerFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        owner.Write(Encoding.UTF8.GetBytes(Environment.MachineName + "\n"));
        owner.Flush();
        return new ServerFolder(path, owner);
    }

    /// <summary>Takes over the folders of servers of this machine that ended without removing them.</summary>
    /// <param name="temporaryDirectory">Where to look.</param>
    /// <returns>The folders, each held until it is disposed, and removed then.</returns>
    public static IReadOnlyList<ServerFolder> TakeAbandoned(string temporaryDirectory)
    {
        if (!Directory.Exists(temporaryDirectory))
        {
            return [];
        }

        return [.. Directory.EnumerateDirectories(temporaryDirectory, NamePrefix + "*").ToList().Select(TakeIfAbandoned).OfType<ServerFolder>()];
    }

    public void Dispose()
    {
        // Closed first, since some systems delete no open file.
        _owner.Dispose();
        if (!IsKept)
        {
            TemporaryFolder.Delete(Path);
        }
    }

    private static ServerFolder? TakeIfAbandoned(string path)
    {
        FileStream? owner = null;
        try
        {
            owner = new FileStream(System.IO.Path.Combine(path, OwnerFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

            // Locks may not reach other machines that share the folder, so theirs is left to them.
            using var reader = new StreamReader(owner, leaveOpen: true);
            if (reader.ReadLine() == Environment.MachineName)
            {
                return new ServerFolder(path, owner);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its server lives, or somebody else takes it.
        }

        owner?.Dispose();
        return null;
    }
}
