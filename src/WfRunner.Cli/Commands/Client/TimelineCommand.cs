using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Cli.Commands.Local.Running;
using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf timeline</c>: shows when the tasks of an attempt ran, of the latest one of a workflow unless another is named.</summary>
internal sealed class TimelineCommand : ClientCommand
{
    private static readonly OptionSyntax AttemptId = OptionSyntax.Value("ID", "this attempt", "--attempt-id");
    private static readonly OptionSyntax SessionId = OptionSyntax.Value("ID", "the last attempt of this session", "--session-id");
    private static readonly OptionSyntax Follow = OptionSyntax.Flag("go on until the attempt finishes", "-f", "--follow");

    private static readonly TimeSpan TerminalPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "timeline",
        Group = CommandGroup.Client,
        Arguments = "[project.workflow | project workflow] [options...]",
        Summary = "show when the tasks of an attempt ran",
        Options = [AttemptId, SessionId, Follow, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["timeline myproj.main", "timeline --attempt-id 35 --follow", "timeline --session-id 12 --tsv"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (attemptId, sessionId) = (call.IdOf(AttemptId), call.IdOf(SessionId));
        if (new[] { attemptId is not null, sessionId is not null, call.Positional.Count > 0 }.Count(given => given) > 1)
        {
            throw new UsageException("Name a workflow, --attempt-id or --session-id, but only one of them");
        }

        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var id = attemptId ?? await LastAttemptAsync(call, client, sessionId, cancellationToken).ConfigureAwait(false);
        var isPlain = call.Context.Terminal is null || ListOutput.FormatOf(call.Arguments) != ListFormat.Text || call.Arguments.Has(ListOutput.File);
        if (!call.Arguments.Has(Follow))
        {
            var tasks = await TasksCommand.ListAsync(client, id, cancellationToken).ConfigureAwait(false);
            await ListOutput.WriteAsync(call, [.. tasks.Select(t => t.Json)], ListColumns.Tasks, output => output.WriteAsync(Text(call, tasks, isPlain)), cancellationToken)
                .ConfigureAwait(false);
        }
        else if (isPlain)
        {
            await FollowRowsAsync(call, client, id, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await FollowBarsAsync(call, client, id, call.Context.Terminal!, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Text(ClientCall call, IReadOnlyList<TaskView> tasks, bool isPlain)
    {
        var text = new TimelineText(call.Context);
        return isPlain ? text.Rows(TaskSpan.Of(tasks)) : string.Concat(text.Bars(tasks, Columns(call), call.Context.Terminal!.IsColored).Select(l => l + "\n"));
    }

    private static int Columns(ClientCall call) => call.Context.Terminal!.Width() - 1;

    private static async Task<long> LastAttemptAsync(ClientCall call, WorkflowClient client, long? sessionId, CancellationToken cancellationToken)
    {
        var session = sessionId is { } id
            ? await client.GetSessionAsync(id, cancellationToken).ConfigureAwait(false)
            : await LastSessionAsync(call, client, cancellationToken).ConfigureAwait(false);
        return session.LastAttempt?.Id ?? throw new CommandLineException($"Session {session.Id} has no attempt yet.");
    }

    private static async Task<SessionView> LastSessionAsync(ClientCall call, WorkflowClient client, CancellationToken cancellationToken)
    {
        var (project, workflow) = call.Positional switch
        {
            [] => (await client.ProjectAsync(await CurrentProject.RequireAsync(call).ConfigureAwait(false), cancellationToken).ConfigureAwait(false), null),
            [var address] => await WorkflowAddress.FindAsync(client, address, cancellationToken).ConfigureAwait(false),
            [var name, var own, ..] => (await client.ProjectAsync(name, cancellationToken).ConfigureAwait(false), own),
        };
        var sessions = await client.ListSessionsAsync(project.Id, workflow, null, 1, cancellationToken).ConfigureAwait(false);
        return sessions.Count > 0
            ? sessions[0]
            : throw new CommandLineException(workflow is null ? $"Project '{project.Name}' has no session yet." : $"Workflow '{workflow}' of project '{project.Name}' has no session yet.");
    }

    // Each task once, when it has ended.
    private static async Task FollowRowsAsync(ClientCall call, WorkflowClient client, long id, CancellationToken cancellationToken)
    {
        var told = new HashSet<long>();
        var text = new TimelineText(call.Context);
        var pause = FirstPause;
        while (true)
        {
            var isDone = (await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false)).IsDone;
            var spans = TaskSpan.Of(await client.ListTasksAsync(id, cancellationToken).ConfigureAwait(false));
            var news = spans.Where(s => (isDone || TaskSpan.IsEnd(s.Task.State)) && told.Add(s.Task.Id)).ToList();
            await call.Out.WriteAsync(text.Rows(news)).ConfigureAwait(false);
            if (isDone)
            {
                return;
            }

            pause = news.Count > 0 ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task FollowBarsAsync(ClientCall call, WorkflowClient client, long id, Terminal terminal, CancellationToken cancellationToken)
    {
        var live = new LiveTerminal(Console.OpenStandardOutput());
        await using (live.ConfigureAwait(false))
        {
            var text = new TimelineText(call.Context);
            while (true)
            {
                var attempt = await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
                var lines = text.Bars(await client.ListTasksAsync(id, cancellationToken).ConfigureAwait(false), Columns(call), terminal.IsColored);
                if (attempt.IsDone)
                {
                    live.Show([]);
                    await call.Out.WriteAsync(string.Concat(lines.Select(l => l + "\n")) + $"Attempt {id}: {attempt.Status}\n").ConfigureAwait(false);
                    return;
                }

                // What does not fit would scroll away and be drawn again below itself.
                live.Show([.. lines.Take(Math.Max(1, Console.WindowHeight - 2))]);
                await Task.Delay(TerminalPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
