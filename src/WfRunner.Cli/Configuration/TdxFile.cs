using WfRunner.Cli.CommandLine;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Configuration;

/// <summary>
/// The file <c>tdx.json</c> beside the workflows of a project, which tells the project's name on the server. Treasure Data's own
/// client writes and reads it, too; keys that this program does not know are kept.
/// </summary>
/// <param name="Path">Absolute path of the file.</param>
/// <param name="Content">Its object.</param>
internal sealed record TdxFile(string Path, ConfigMap Content)
{
    public const string Name = "tdx.json";

    private const string ProjectKey = "workflow_project";

    /// <summary>The project's name; null when the file names none.</summary>
    public string? ProjectName => Content[ProjectKey] is ConfigText { Value.Length: > 0 } text ? text.Value : null;

    /// <summary>The folder that the file lies in.</summary>
    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The nearest file: in a folder, or in one above it.</summary>
    /// <param name="directory">Absolute path of the folder.</param>
    /// <returns>The file; null when there is none.</returns>
    /// <exception cref="CommandLineException">The file is no JSON object, or cannot be read.</exception>
    public static TdxFile? FindUpward(string directory)
    {
        for (var at = directory; at is not null; at = System.IO.Path.GetDirectoryName(at))
        {
            if (In(at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The file in a folder.</summary>
    /// <param name="directory">Absolute path of the folder.</param>
    /// <returns>The file; null when there is none.</returns>
    /// <exception cref="CommandLineException">The file is no JSON object, or cannot be read.</exception>
    public static TdxFile? In(string directory)
    {
        var path = System.IO.Path.Combine(directory, Name);
        return JsonFile.Read(path) is { } content ? new TdxFile(path, content) : null;
    }

    /// <summary>Writes the name of the project into the file of a folder, or takes it out.</summary>
    /// <param name="directory">Absolute path of the folder.</param>
    /// <param name="project">The name; null to take it out, and the file away when nothing else is in it.</param>
    public static void Write(string directory, string? project)
    {
        var path = System.IO.Path.Combine(directory, Name);
        var content = In(directory)?.Content ?? ConfigMap.Empty;
        content = project is null ? content.Without(ProjectKey) : content.With(ProjectKey, project);
        if (content.IsEmpty)
        {
            File.Delete(path);
        }
        else
        {
            JsonFile.Write(path, content);
        }
    }
}
