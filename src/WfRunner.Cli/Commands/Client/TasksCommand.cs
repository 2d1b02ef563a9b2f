using WfRunner.Cli.CommandLine;
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
        Options = ClientOptions.All,
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["tasks 35"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var id = call.PositionalId(0);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var tasks = await client.ListTasksAsync(id, cancellationToken).ConfigureAwait(false);
        if (tasks.Count == 0)
        {
            // Old servers answer an unknown attempt with an empty list; this tells.
            await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
        }

        foreach (var task in tasks)
        {
            await call.Out.WriteAsync(Text(task, call.Context)).ConfigureAwait(false);
        }

        await call.Out.WriteLineAsync($"{tasks.Count} entries.").ConfigureAwait(false);
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
