using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// The short form <c>PROJECT.WORKFLOW</c>. Names of the hosted service have no dots, those of Digdag may: a project of the whole name
/// wins, then the longest project that exists.
/// </summary>
internal static class WorkflowAddress
{
    /// <summary>Finds what a text names.</summary>
    /// <param name="client">The server.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The project, and the workflow's name; null when the text names a project only.</returns>
    /// <exception cref="CommandLine.CommandLineException">There is no such project.</exception>
    public static async Task<(ProjectInfo Project, string? Workflow)> FindAsync(WorkflowClient client, string text, CancellationToken cancellationToken)
    {
        if (await client.FindProjectAsync(text, cancellationToken).ConfigureAwait(false) is { } whole)
        {
            return (whole, null);
        }

        for (var dot = text.LastIndexOf('.'); dot > 0; dot = text.LastIndexOf('.', dot - 1))
        {
            if (dot < text.Length - 1 && await client.FindProjectAsync(text[..dot], cancellationToken).ConfigureAwait(false) is { } project)
            {
                return (project, text[(dot + 1)..]);
            }
        }

        var first = text.IndexOf('.', StringComparison.Ordinal);
        return (await client.ProjectAsync(first > 0 ? text[..first] : text, cancellationToken).ConfigureAwait(false), null);
    }
}
