using WfRunner.Core;
using WfRunner.Core.Dig;

namespace WfRunner.Runtime.Projects;

/// <summary>The files of a project on disk, as the loader reads them.</summary>
public sealed class ProjectFiles : IDigFiles
{
    /// <summary>Largest definition that is read, in bytes; anything larger is no workflow but a mistake.</summary>
    public const long MaximumFileSize = 64 * 1024 * 1024;

    private readonly string _directory;

    /// <summary>Opens a project.</summary>
    /// <param name="directory">Absolute path of the project.</param>
    public ProjectFiles(string directory) => _directory = directory;

    /// <inheritdoc/>
    public byte[]? Read(string path)
    {
        var file = new FileInfo(path);
        if (Directory.Exists(path))
        {
            throw new WorkflowException(FailureKind.Io, $"{path}: Is a directory");
        }

        if (!file.Exists)
        {
            return null;
        }

        return file.Length <= MaximumFileSize
            ? File.ReadAllBytes(path)
            : throw new WorkflowException(FailureKind.Io, $"{path} is too large ({file.Length} bytes, at most {MaximumFileSize})");
    }

    /// <inheritdoc/>
    public string DisplayName(string path)
    {
        var relative = Path.GetRelativePath(_directory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');
    }
}
