using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// <c>wf attempt</c>: shows an attempt (Digdag behaviour: cli-client 8.11), or its tasks and logs, retries it, or kills it.
/// </summary>
internal sealed class AttemptCommand : ClientCommand
{
    private static readonly OptionSyntax IncludeSubtasks = OptionSyntax.Flag("tasks: show tasks that loops and calls generated, too", "--include-subtasks");
    private static readonly OptionSyntax Force = OptionSyntax.Flag("retry: also when the attempt has not failed", "--force");
    private static readonly OptionSyntax Verbose = OptionSyntax.Flag("logs: show debug logs", "-v", "--verbose");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "attempt",
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> [tasks | logs [+task] | retry | kill] [options...]",
        Summary = "show a session attempt, its tasks or its logs, retry it or kill it",
        Options =
        [
            IncludeSubtasks, Verbose, .. RetryCommand.Choices, Force, KillCommand.Reason, Confirmation.Yes, .. ListOutput.Options, .. ClientOptions.All,
        ],
        MinimumArguments = 1,
        MaximumArguments = 3,
        Examples =
        [
            "attempt 35", "attempt 35 tasks --include-subtasks", "attempt 35 logs +main+load --follow", "attempt 35 retry --resume-from +load --params '{\"n\": 1}'",
            "attempt 35 kill --reason \"bad data\"",
        ],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var id = call.PositionalId(0);
        var what = call.Positional.Count > 1 ? call.Positional[1] : null;
        if (call.Positional.Count > 2 && what != "logs")
        {
            throw new UsageException($"too many arguments: {call.Positional[2]}", exitCode: 2);
        }

        if (what is not (null or "tasks" or "logs" or "retry" or "kill"))
        {
            throw new UsageException($"attempt {id} can be asked for tasks, logs, retry or kill, but not for '{what}'");
        }

        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await (what switch
        {
            null => ShowAsync(call, client, id, cancellationToken),
            "tasks" => ShowTasksAsync(call, client, id, cancellationToken),
            "logs" => ShowLogsAsync(call, client, id, cancellationToken),
            "retry" => RetryAsync(call, client, id, cancellationToken),
            _ => KillCommand.KillAsync(call, client, id, cancellationToken),
        }).ConfigureAwait(false);
    }

    private static async Task ShowAsync(ClientCall call, WorkflowClient client, long id, CancellationToken cancellationToken)
    {
        var attempt = await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
        await ListOutput.WriteOneAsync(
            call, attempt.Json, ListColumns.Attempts, output => output.WriteAsync(AttemptText.OfAttempt(attempt, call.Context)), cancellationToken).ConfigureAwait(false);
    }

    private static async Task ShowTasksAsync(ClientCall call, WorkflowClient client, long id, CancellationToken cancellationToken)
    {
        var tasks = await TasksCommand.ListAsync(client, id, cancellationToken).ConfigureAwait(false);
        var shown = call.Arguments.Has(IncludeSubtasks) ? tasks : [.. tasks.Where(t => !t.FullName.Contains('^', StringComparison.Ordinal))];
        var now = call.Context.Clock.GetCurrentInstant();
        await ListOutput.WriteAsync(
            call, [.. shown.Select(t => t.Json)], ListColumns.Tasks, output => output.WriteAsync(TaskTreeText.Of(shown, now)), cancellationToken).ConfigureAwait(false);
        if (shown.Count < tasks.Count && ListOutput.FormatOf(call.Arguments) == ListFormat.Text)
        {
            await call.Error.WriteLineAsync($"{tasks.Count - shown.Count} generated tasks are not shown; --include-subtasks shows them").ConfigureAwait(false);
        }
    }

    private static Task ShowLogsAsync(ClientCall call, WorkflowClient client, long id, CancellationToken cancellationToken)
    {
        var watcher = new TaskLogWatcher(client, id, call.Positional.Count > 2 ? call.Positional[2] : null, call.Arguments.Has(Verbose), call.Out);
        return call.Arguments.Has(AttemptWait.Follow) ? watcher.FollowAsync(cancellationToken) : watcher.PrintNewAsync(cancellationToken);
    }

    private static async Task RetryAsync(ClientCall call, WorkflowClient client, long id, CancellationToken cancellationToken)
    {
        var plan = RetryCommand.PlanOf(call);
        var attempt = await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
        if (!call.Arguments.Has(Force) && (!attempt.IsDone || attempt.IsSuccess))
        {
            throw new CommandLineException($"Attempt {id} has not failed, its status is {attempt.Status}; --force retries it nevertheless");
        }

        await RetryCommand.RetryAsync(call, client, plan, attempt, asks: true, cancellationToken).ConfigureAwait(false);
    }
}
