using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf projects</c>: lists projects, or shows one. Digdag behaviour: cli-client 8.5.</summary>
internal sealed class ProjectsCommand : ClientCommand
{
    private const int DefaultCount = 100;

    private static readonly OptionSyntax Count = OptionSyntax.Value("N", $"number of projects to list (default: {DefaultCount})", "--count");
    private static readonly OptionSyntax LastId = OptionSyntax.Value("ID", "list projects with ids greater than this", "--last-id");
    private static readonly OptionSyntax NamePart = OptionSyntax.Value("TEXT", "list projects whose name contains this", "--name");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "project",
        Aliases = ["projects"],
        Group = CommandGroup.Client,
        Arguments = "[name] [options...]",
        Summary = "show projects",
        Options = [Count, LastId, NamePart, .. ClientOptions.All],
        MaximumArguments = 1,
        Examples = ["projects", "projects myproj", "projects --name etl"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (count, lastId) = (call.Arguments.Int32(Count), call.IdOf(LastId));
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var projects = call.Positional.Count == 0
            ? await client.ListProjectsAsync(count ?? DefaultCount, lastId, call.Arguments.Value(NamePart), cancellationToken).ConfigureAwait(false)
            : [
                await client.FindProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false)
                    ?? throw new CommandLineException($"Project '{call.Positional[0]}' does not exist."),
            ];
        await call.Out.WriteLineAsync("Projects").ConfigureAwait(false);
        foreach (var project in projects)
        {
            await call.Out.WriteAsync(
                $"""
                  name: {project.Name}
                  id: {project.Id}
                  revision: {project.Revision}
                  archive type: {project.ArchiveType}
                  project created at: {ClientTime.ToLocal(project.CreatedAt, call.Context)}
                  revision updated at: {ClientTime.ToLocal(project.UpdatedAt, call.Context)}


                """).ConfigureAwait(false);
        }

        await call.Error.WriteLineAsync($"Use `{call.Context.ProgramName} workflows <project-name>` to show details.").ConfigureAwait(false);
    }
}
