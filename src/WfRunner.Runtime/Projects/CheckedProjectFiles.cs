using WfRunner.Core.Checking;

namespace WfRunner.Runtime.Projects;

/// <summary>The files of a project on disk, as checks look at them.</summary>
/// <param name="directory">Absolute path of the project.</param>
/// <param name="enough">A size in bytes behind which <see cref="TotalSize"/> need not count any further.</param>
public sealed class CheckedProjectFiles(string directory, long enough) : ICheckedFiles
{
    private readonly ProjectFiles _files = new(directory);

    /// <inheritdoc/>
    public byte[]? Read(string path) => _files.Read(path);

    /// <inheritdoc/>
    public string DisplayName(string path) => _files.DisplayName(path);

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public IEnumerable<string> NamesIn(string directory) =>
        Directory.Exists(directory) ? Directory.EnumerateFiles(directory).Select(p => Path.GetFileName(p)) : [];

    /// <inheritdoc/>
    /// <remarks>Links are not followed. Folders that may not be read count nothing.</remarks>
    public long TotalSize()
    {
        var ignore = IgnoreRules.Of(directory);
        var total = 0L;
        var pending = new Stack<string>([string.Empty]);
        while (pending.TryPop(out var folder) && total <= enough)
        {
            try
            {
                foreach (var item in new DirectoryInfo(Path.Combine(directory, folder)).EnumerateFileSystemInfos())
                {
                    var name = folder.Length == 0 ? item.Name : folder + "/" + item.Name;
                    var isFolder = item is DirectoryInfo;
                    if (item.LinkTarget is not null || ignore.Ignores(name, isFolder))
                    {
                        continue;
                    }

                    if (isFolder)
                    {
                        pending.Push(name);
                    }
                    else
                    {
                        total += ((FileInfo)item).Length;
                    }
                }
            }
            catch (Exception e) when (e is UnauthorizedAccessException or IOException)
            {
                // What cannot be listed cannot be packed either; the push tells about it.
            }
        }

        return total;
    }
}
