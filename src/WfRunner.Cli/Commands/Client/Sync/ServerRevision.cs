using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Runtime.Archives;

namespace WfRunner.Cli.Commands.Client.Sync;

/// <summary>The files of a revision, fetched from the server.</summary>
internal static class ServerRevision
{
    /// <summary>Fetches a revision and unpacks it.</summary>
    /// <param name="client">The server.</param>
    /// <param name="project">The project; null for none, which has no files.</param>
    /// <param name="revision">Name of the revision.</param>
    /// <param name="folder">Absolute path of an empty folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandLineException">The server has no archive of the revision.</exception>
    public static async Task<ProjectSnapshot> FetchAsync(
        WorkflowClient client, ProjectInfo? project, string revision, string folder, CancellationToken cancellationToken)
    {
        if (project is null)
        {
            return ProjectSnapshot.Empty;
        }

        using var archive = await OpenAsync(client, project.Id, revision, cancellationToken).ConfigureAwait(false);
        return await UnpackAsync(archive, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Unpacks an archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="folder">Absolute path of an empty folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ProjectSnapshot> UnpackAsync(Stream archive, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await ArchiveExtractor.ExtractAsync(archive, folder, ArchiveLimits.Generous, static _ => { }, cancellationToken).ConfigureAwait(false);
        return ProjectSnapshot.OfFolder(folder);
    }

    /// <summary>Opens the archive of a revision.</summary>
    /// <exception cref="CommandLineException">The server has none.</exception>
    public static async Task<Stream> OpenAsync(WorkflowClient client, long project, string revision, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetArchiveAsync(project, revision, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerAnswerException e) when (e.Status == 404)
        {
            throw new CommandLineException($"Project archive of revision '{revision}' does not exist.");
        }
    }
}
