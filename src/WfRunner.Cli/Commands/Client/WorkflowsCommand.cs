using WfRunner.Cli.CommandLine;
using WfRunner.Client;
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
        Options = [Count, LastId, NamePart, Order, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["workflows", "workflows myproj", "workflows myproj main"],
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
        switch (call.Positional.Count)
        {
            case 0:
                var all = await client.ListWorkflowsAsync(count ?? DefaultCount, lastId, order, call.Arguments.Value(NamePart), cancellationToken)
                    .ConfigureAwait(false);
                await WriteListAsync(all, call).ConfigureAwait(false);
                break;
            case 1:
                await WriteProjectAsync(client, call, cancellationToken).ConfigureAwait(false);
                break;
            default:
                var project = await client.ProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false);
                var workflow = await client.WorkflowAsync(project.Id, null, call.Positional[1], cancellationToken).ConfigureAwait(false);
                await call.Out.WriteLineAsync(YamlWriter.Write(workflow.Config)).ConfigureAwait(false);
                break;
        }
    }

    private static async Task WriteProjectAsync(WorkflowClient client, ClientCall call, CancellationToken cancellationToken)
    {
        var project = await client.ProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false);
        var workflows = await client.ListWorkflowsAsync(project.Id, null, null, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteLineAsync($"  {project.Name}").ConfigureAwait(false);
        foreach (var workflow in workflows)
        {
            await call.Out.WriteLineAsync($"    {workflow.Name}").ConfigureAwait(false);
        }

        await WriteEndAsync(call).ConfigureAwait(false);
    }

    // Pages go by the workflow's id, so a project may come up again.
    private static async Task WriteListAsync(IReadOnlyList<WorkflowInfo> workflows, ClientCall call)
    {
        string? project = null;
        foreach (var workflow in workflows)
        {
            if (workflow.ProjectName != project)
            {
                project = workflow.ProjectName;
                await call.Out.WriteLineAsync($"  {project}").ConfigureAwait(false);
            }

            await call.Out.WriteLineAsync($"    {workflow.Name}").ConfigureAwait(false);
        }

        await WriteEndAsync(call).ConfigureAwait(false);
    }

    private static async Task WriteEndAsync(ClientCall call)
    {
        await call.Out.WriteLineAsync().ConfigureAwait(false);
        await call.Error.WriteLineAsync($"Use `{call.Context.ProgramName} workflows <project-name> <name>` to show details.").ConfigureAwait(false);
    }
}
