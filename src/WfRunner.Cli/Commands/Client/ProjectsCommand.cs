using System.IO.Enumeration;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Client.Models;

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
        Arguments = "[name | pattern] [options...]",
        Summary = "show projects",
        Options = [Count, LastId, NamePart, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 1,
        Examples = ["projects", "projects myproj", "projects --name etl", "projects \"prod_*\" --tsv"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (count, lastId) = (call.Arguments.Int32(Count), call.IdOf(LastId));
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var projects = call.Positional switch
        {
            [] => await client.ListProjectsAsync(count ?? DefaultCount, lastId, call.Arguments.Value(NamePart), cancellationToken).ConfigureAwait(false),
            [var pattern] when IsPattern(pattern) => await MatchingAsync(client, pattern, cancellationToken).ConfigureAwait(false),
            [var name, ..] =>
            [
                await client.FindProjectAsync(name, cancellationToken).ConfigureAwait(false)
                    ?? throw new CommandLineException($"Project '{name}' does not exist."),
            ],
        };
        await ListOutput.WriteAsync(call, [.. projects.Select(p => p.Json)], ListColumns.Projects, output => WriteAsync(projects, call, output), cancellationToken)
            .ConfigureAwait(false);
    }

    // Names of projects hold none of these.
    private static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    private static async Task<IReadOnlyList<ProjectInfo>> MatchingAsync(WorkflowClient client, string pattern, CancellationToken cancellationToken)
    {
        var found = new List<ProjectInfo>();
        long? lastId = null;
        while (await client.ListProjectsAsync(DefaultCount, lastId, null, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page
            && !page.All(p => p.Id <= lastId))
        {
            found.AddRange(page.Where(p => FileSystemName.MatchesSimpleExpression(pattern, p.Name, ignoreCase: false)));
            lastId = page.Max(p => p.Id);
        }

        return found;
    }

    private static async Task WriteAsync(IReadOnlyList<ProjectInfo> projects, ClientCall call, TextWriter output)
    {
        await output.WriteLineAsync("Projects").ConfigureAwait(false);
        foreach (var project in projects)
        {
            await output.WriteAsync(
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
