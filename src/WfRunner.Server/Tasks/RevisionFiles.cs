using WfRunner.Runtime.Archives;

namespace WfRunner.Server.Tasks;

/// <summary>The unpacked files of a revision, which are copied and never changed.</summary>
internal sealed class RevisionFiles
{
    private readonly string _directory;
    private readonly List<string> _folders = [];
    private readonly List<string> _files = [];
    private readonly List<(string Path, string Target)> _links = [];

    private RevisionFiles(string directory) => _directory = directory;

    /// <summary>Bytes of all files.</summary>
    public long Size { get; private set; }

    /// <summary>Unpacks an archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="directory">Absolute path of a folder, which is made.</param>
    /// <exception cref="ArchiveRefusedException">The archive is damaged, dangerous or too large.</exception>
    public static async Task<RevisionFiles> UnpackAsync(byte[] archive, string directory)
    {
        Directory.CreateDirectory(directory);
        using var stream = new MemoryStream(archive, writable: false);
        await ArchiveExtractor.ExtractAsync(stream, directory, ArchiveLimits.Generous, null, CancellationToken.None).ConfigureAwait(false);
        var files = new RevisionFiles(directory);
        files.Remember(new DirectoryInfo(directory), string.Empty);
        return files;
    }

    /// <summary>
    /// Copies them. Not by hard links: a task that writes into a file would change the revision. The system shares the blocks itself
    /// where its file system can.
    /// </summary>
    /// <param name="directory">Absolute path of an existing, empty folder.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    public void CopyTo(string directory, CancellationToken cancellationToken)
    {
        foreach (var folder in _folders)
        {
            Directory.CreateDirectory(Path.Combine(directory, folder));
        }

        foreach (var file in _files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            File.Copy(Path.Combine(_directory, file), Path.Combine(directory, file));
        }

        foreach (var (path, target) in _links)
        {
            File.CreateSymbolicLink(Path.Combine(directory, path), target);
        }
    }

    /// <summary>Deletes them.</summary>
    public void Delete() => TemporaryFolder.Delete(_directory);

    private void Remember(DirectoryInfo folder, string prefix)
    {
        foreach (var item in folder.EnumerateFileSystemInfos())
        {
            var path = Path.Combine(prefix, item.Name);
            switch (item)
            {
                case { LinkTarget: { } target }:
                    _links.Add((path, target));
                    break;
                case DirectoryInfo inner:
                    _folders.Add(path);
                    Remember(inner, path);
                    break;
                case FileInfo file:
                    _files.Add(path);
                    Size += file.Length;
                    break;
                default:
                    break;
            }
        }
    }
}
