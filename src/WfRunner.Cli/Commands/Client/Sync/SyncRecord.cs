using WfRunner.Cli.Configuration;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>
/// What a folder held when it last equalled a revision of the server, in <c>.digdag/sync.json</c>: it tells what was changed here
/// since, and whether somebody else has pushed in between.
/// </summary>
/// <param name="Project">The project's name.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Files">The hashes of its files, by relative path.</param>
internal sealed record SyncRecord(string Project, string Revision, IReadOnlyDictionary<string, string> Files)
{
    private const string Name = "sync.json";

    /// <summary>Reads the record of a folder.</summary>
    /// <param name="directory">Absolute path of the folder.</param>
    /// <param name="project">The project that is asked about.</param>
    /// <returns>The record; null when there is none about this project, or it is broken.</returns>
    public static SyncRecord? Read(string directory, string project)
    {
        try
        {
            return JsonFile.Read(PathIn(directory)) is { } content && content.GetStringOrNull("project") == project
                ? new SyncRecord(
                    project,
                    content.GetString("revision"),
                    content.GetMap("files").ToDictionary(f => f.Key, f => ConfigAccess.AsString(f.Key, f.Value), StringComparer.Ordinal))
                : null;
        }
        catch (Exception e) when (e is CommandLine.CommandLineException or Core.WorkflowException)
        {
            // Without it everything that differs counts as changed here, which is the careful answer.
            return null;
        }
    }

    /// <summary>Writes the record of a folder.</summary>
    /// <param name="directory">Absolute path of the folder.</param>
    /// <param name="project">The project.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="files">Its files.</param>
    public static void Write(string directory, string project, string revision, ProjectSnapshot files)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathIn(directory))!);
        JsonFile.Write(
            PathIn(directory),
            ConfigMap.Of(
                ("project", project),
                ("revision", revision),
                ("files", ConfigMap.Of(files.Files.Select(f => (f.Key, (ConfigValue)f.Value.Sha256))))));
    }

    private static string PathIn(string directory) => Path.Combine(directory, ".digdag", Name);
}
