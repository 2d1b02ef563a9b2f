using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf tasks</c>: shows the tasks of an attempt. Digdag behaviour: cli-client 8.12.</summary>
internal sealed class TasksCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "task",
        Aliases = ["tasks"],
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> [options...]",
        Summary = "show tasks of a session attempt",
        Options = [.. ListOutput.Options, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["tasks 35", "tasks 35 --jsonl"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var id = call.PositionalId(0);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var tasks = await ListAsync(client, id, cancellationToken).ConfigureAwait(false);
        await ListOutput.WriteAsync(call, [.. tasks.Select(t => t.Json)], ListColumns.Tasks, WriteAsync, cancellationToken).ConfigureAwait(false);

        async Task WriteAsync(TextWriter output)
        {
            foreach (var task in tasks)
            {
                await output.WriteAsync(Text(task, call.Context)).ConfigureAwait(false);
            }

            await output.WriteLineAsync($"{tasks.Count} entries.").ConfigureAwait(false);
        }
    }

    /// <summary>The tasks of an attempt.</summary>
    internal static async Task<IReadOnlyList<TaskView>> ListAsync(WorkflowClient client, long id, CancellationToken cancellationToken)
    {
        var tasks = await client.ListTasksAsync(id, cancellationToken).ConfigureAwait(false);
        if (tasks.Count == 0)
        {
            // Old servers answer an unknown attempt with an empty list; this tells.
            await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
        }

        return tasks;
    }

    private static string Text(TaskView task, CommandContext context)
    {
        var error = task.Error.IsEmpty ? string.Empty : $"   error: {ConfigJson.Write(task.Error)}\n";
        return $"""
               id: {task.Id}
               name: {task.FullName}
               state: {task.State}
               started: {ClientTime.ToLocal(task.StartedAt, context)}
               updated: {ClientTime.ToLocal(task.UpdatedAt, context)}
               config: {ConfigJson.Write(task.Config)}
               parent: {(task.ParentId is { } parent ? parent : "null")}
               upstreams: [{string.Join(", ", task.Upstreams)}]
               export params: {ConfigJson.Write(task.ExportParams)}
               store params: {ConfigJson.Write(task.StoreParams)}
               state params: {ConfigJson.Write(task.StateParams)}
            {error}

            """;
    }
}
