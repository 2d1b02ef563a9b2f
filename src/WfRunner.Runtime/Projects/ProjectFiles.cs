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
        if (Directory.Exists(path))
        {
            throw new WorkflowException(FailureKind.Io, $"{path}: Is a directory");
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return null;
        }

        if (file.Length > MaximumFileSize)
        {
            throw new WorkflowException(FailureKind.Io, $"{path} is too large ({file.Length} bytes, at most {MaximumFileSize})");
        }

        try
        {
            // Whoever opens a pipe waits, and a device may never end.
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            return SpecialFile.Is(target) ? throw new WorkflowException(FailureKind.Io, $"{path} is neither a file nor a directory") : File.ReadAllBytes(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkflowException(FailureKind.Io, e.Message, null, e);
        }
    }

    /// <inheritdoc/>
    public string DisplayName(string path)
    {
        var relative = Path.GetRelativePath(_directory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative.Replace('\\', '/');
    }
}
