using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client.Models;
using WfRunner.Core.Dig.Yaml;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf workflows</c>: lists workflows, or shows a definition. Digdag behaviour: cli-client 8.6.</summary>
internal sealed class WorkflowsCommand : ClientCommand
{
    private const int DefaultCount = 100;

    private static readonly OptionSyntax Count = OptionSyntax.Value("N", $"number of workflows to list (default: {DefaultCount})", "--count");
    private static readonly OptionSyntax LastId = OptionSyntax.Value("ID", "list workflows after this id", "--last-id");
    private static readonly OptionSyntax NamePart = OptionSyntax.Value("TEXT", "list workflows whose name contains this", "--name");
    private static readonly OptionSyntax Order = OptionSyntax.Value("asc|desc", "order of ids (default: asc)", "--order");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "workflow",
        Aliases = ["workflows"],
        Group = CommandGroup.Client,
        Arguments = "[project] [workflow] [options...]",
        Summary = "show registered workflow definitions",
        Options = [Count, LastId, NamePart, Order, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["workflows", "workflows myproj", "workflows myproj main", "workflows myproj --json"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (count, lastId, order) = (call.Arguments.Int32(Count), call.IdOf(LastId), call.Arguments.Value(Order) ?? "asc");
        if (order is not ("asc" or "desc"))
        {
            throw new CommandLineException($"Invalid parameter value for --order: {order}");
        }

        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var current = call.Positional.Count == 0 ? await CurrentProject.FindAndTellAsync(call).ConfigureAwait(false) : null;
        switch (call.Positional.Count)
        {
            case 0 when current is null:
                var all = await client.ListWorkflowsAsync(count ?? DefaultCount, lastId, order, call.Arguments.Value(NamePart), cancellationToken)
                    .ConfigureAwait(false);
                await WriteAsync(all, output => WriteListAsync(all, call, output)).ConfigureAwait(false);
                break;
            case 0 or 1:
                var name = current ?? call.Positional[0];
                var found = await client.ProjectAsync(name, cancellationToken).ConfigureAwait(false);
                var workflows = await client.ListWorkflowsAsync(found.Id, null, null, cancellationToken).ConfigureAwait(false);
                await WriteAsync(workflows, output => WriteProjectAsync(found.Name, workflows, call, output)).ConfigureAwait(false);
                break;
            default:
                var project = await client.ProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false);
                var workflow = await client.WorkflowAsync(project.Id, null, call.Positional[1], cancellationToken).ConfigureAwait(false);
                await ListOutput.WriteOneAsync(
                    call, workflow.Json, ListColumns.Workflows, output => output.WriteLineAsync(YamlWriter.Write(workflow.Config)), cancellationToken)
                    .ConfigureAwait(false);
                break;
        }

        Task WriteAsync(IReadOnlyList<WorkflowInfo> list, Func<TextWriter, Task> text) =>
            ListOutput.WriteAsync(call, [.. list.Select(w => w.Json)], ListColumns.Workflows, text, cancellationToken);
    }

    private static async Task WriteProjectAsync(string project, IReadOnlyList<WorkflowInfo> workflows, ClientCall call, TextWriter output)
    {
        await output.WriteLineAsync($"  {project}").ConfigureAwait(false);
        foreach (var workflow in workflows)
        {
            await output.WriteLineAsync($"    {workflow.Name}").ConfigureAwait(false);
        }

        await WriteEndAsync(call, output).ConfigureAwait(false);
    }

    // Pages go by the workflow's id, so a project may come up again.
    private static async Task WriteListAsync(IReadOnlyList<WorkflowInfo> workflows, ClientCall call, TextWriter output)
    {
        string? project = null;
        foreach (var workflow in workflows)
        {
            if (workflow.ProjectName != project)
            {
                project = workflow.ProjectName;
                await output.WriteLineAsync($"  {project}").ConfigureAwait(false);
            }

            await output.WriteLineAsync($"    {workflow.Name}").ConfigureAwait(false);
        }

        await WriteEndAsync(call, output).ConfigureAwait(false);
    }

    private static async Task WriteEndAsync(ClientCall call, TextWriter output)
    {
        await output.WriteLineAsync().ConfigureAwait(false);
        await call.Error.WriteLineAsync($"Use `{call.Context.ProgramName} workflows <project-name> <name>` to show details.").ConfigureAwait(false);
    }
}
