using WfRunner.Cli.CommandLine;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary>What <c>push</c> and <c>upload</c> have in common. Digdag behaviour: cli-client 8.1, 8.3.</summary>
internal static class ProjectUpload
{
    public static readonly OptionSyntax Revision =
        OptionSyntax.Value("NAME", "specific revision name instead of auto-generated UUID", "-r", "--revision");

    public static async Task WriteUploadedAsync(ProjectInfo project, ClientCall call)
    {
        foreach (var warning in project.Json.GetListOrEmpty("warnings").OfType<ConfigText>())
        {
            await call.Error.WriteLineAsync("warning: " + warning.Value).ConfigureAwait(false);
        }

        await call.Out.WriteAsync(
            $"""
            Uploaded:
              id: {project.Id}
              name: {project.Name}
              revision: {project.Revision}
              archive type: {project.ArchiveType}
              project created at: {ClientTime.ToIso(project.CreatedAt)}
              revision updated at: {ClientTime.ToIso(project.UpdatedAt)}

            Use `{call.Context.ProgramName} workflows` to show all workflows.

            """).ConfigureAwait(false);
    }
}
