using System.Security.Cryptography;

namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>The files of a folder, by relative path with <c>/</c>: what an archive made of it holds. Folders as such do not count.</summary>
internal sealed class ProjectSnapshot
{
    private readonly string _folder;

    private ProjectSnapshot(string folder, SortedDictionary<string, FileState> files)
    {
        _folder = folder;
        Files = files;
    }

    /// <summary>The files in ordinal order.</summary>
    public IReadOnlyDictionary<string, FileState> Files { get; }

    /// <summary>No files at all.</summary>
    public static ProjectSnapshot Empty { get; } = new(string.Empty, new SortedDictionary<string, FileState>(StringComparer.Ordinal));

    /// <summary>Takes every file of an unpacked archive.</summary>
    /// <param name="folder">Absolute path of the folder.</param>
    public static ProjectSnapshot OfFolder(string folder)
    {
        var files = new SortedDictionary<string, FileState>(StringComparer.Ordinal);
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var at))
        {
            foreach (var item in new DirectoryInfo(at).EnumerateFileSystemInfos())
            {
                if (item is DirectoryInfo && item.LinkTarget is null)
                {
                    pending.Push(item.FullName);
                }
                else
                {
                    files.Add(Path.GetRelativePath(folder, item.FullName).Replace('\\', '/'), StateOf(item.FullName)!.Value);
                }
            }
        }

        return new ProjectSnapshot(folder, files);
    }

    /// <summary>Takes certain files of a folder, as far as they are there.</summary>
    /// <param name="folder">Absolute path of the folder.</param>
    /// <param name="paths">Relative paths.</param>
    public static ProjectSnapshot OfPaths(string folder, IEnumerable<string> paths)
    {
        var files = new SortedDictionary<string, FileState>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (StateOf(Path.Combine(folder, path)) is { } state)
            {
                files[path] = state;
            }
        }

        return new ProjectSnapshot(folder, files);
    }

    /// <summary>Absolute path of a file.</summary>
    /// <param name="path">Its relative path.</param>
    public string PathOf(string path) => Path.Combine(_folder, path);

    private static FileState? StateOf(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target)
        {
            return new FileState("-> " + target, IsExecutable: false);
        }

        if (!info.Exists)
        {
            return null;
        }

        using var file = File.OpenRead(path);
        return new FileState(Convert.ToHexStringLower(SHA256.HashData(file)), !OperatingSystem.IsWindows() && info.UnixFileMode.HasFlag(UnixFileMode.UserExecute));
    }
}
