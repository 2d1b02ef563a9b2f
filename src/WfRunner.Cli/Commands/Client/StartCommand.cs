using NodaTime;
using NodaTime.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// <c>wf start</c>: starts a session of a workflow. Digdag behaviour: cli-client 8.7, schedules 11.2. The short form
/// <c>PROJECT.WORKFLOW</c> starts it for now unless a session time is given.
/// </summary>
internal sealed class StartCommand : ClientCommand
{
    private static readonly OptionSyntax Session = OptionSyntax.Value(
        "EXPR", "session time: hourly, daily, now, \"yyyy-MM-dd\", \"yyyy-MM-dd HH:mm:ss\", or a time with its offset (required with two arguments)", "--session", "--session-time");

    private static readonly OptionSyntax Revision = OptionSyntax.Value("NAME", "use a past revision", "--revision");
    private static readonly OptionSyntax Retry = OptionSyntax.Value("NAME", "set retry attempt name to a new session", "--retry");
    private static readonly OptionSyntax Queue = OptionSyntax.Flag("wait rather than fail while the pool is full (a server of wf; the hosted service does by itself)", "--queue");
    private static readonly OptionSyntax NoQueue = OptionSyntax.Flag("fail rather than wait while the pool is full (hosted service)", "--no-queue");
    private static readonly OptionSyntax DryRun = OptionSyntax.Flag("try to start a session attempt but do nothing", "-d", "--dry-run");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "start",
        Group = CommandGroup.Client,
        Arguments = "<project> <workflow> --session <hourly | daily | now | yyyy-MM-dd | \"yyyy-MM-dd HH:mm:ss\"> | <project.workflow> [options...]",
        Summary = "start a new session attempt of a workflow",
        Options = [Session, Revision, Retry, DryRun, AttemptWait.Wait, AttemptWait.Follow, Queue, NoQueue, WorkflowParameters.Param, WorkflowParameters.ParamsFile, .. ListOutput.Options, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 2,
        Examples =
        [
            "start myproj workflow1 --session 2016-01-01T00:00:00-07:00",
            "start myproj workflow1 --session hourly",
            "start myproj workflow1 --session daily -p key=value",
            "start myproj workflow1 --session now",
            "start myproj.workflow1 --wait",
            "start myproj.workflow1 --session-time 2025-01-01T00:00:00+09:00 --param key=value --follow",
        ],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var expression = call.Arguments.Value(Session)
            ?? (call.Positional.Count == 1 ? "now" : throw new UsageException("--session option is required"));
        var current = call.Positional.Count == 1 ? CurrentProject.Find(call.Context) : null;
        if (call.Positional.Count == 1 && !call.Positional[0].Contains('.', StringComparison.Ordinal) && current is null)
        {
            throw new UsageException($"start needs {Syntax.Arguments}", exitCode: 2);
        }

        var (time, mode) = Plan(expression, call.Context.Clock.GetCurrentInstant());
        var parameters = WorkflowParameters.Of(call.Arguments, call.Context);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var (project, workflowName) = await WorkflowOfAsync(client, call, current, cancellationToken).ConfigureAwait(false);
        var workflow = await client.WorkflowAsync(project.Id, call.Arguments.Value(Revision), workflowName, cancellationToken).ConfigureAwait(false);
        var sessionTime = await client.TruncateSessionTimeAsync(workflow.Id, time, mode, cancellationToken).ConfigureAwait(false);
        var start = new AttemptStart(workflow.Id, sessionTime, call.Arguments.Value(Retry), null, parameters)
        {
            AllowQueueing = call.IsHosted || call.Arguments.Has(Queue) ? !call.Arguments.Has(NoQueue) : null,
        };
        if (call.Arguments.Has(DryRun))
        {
            await WriteDryRunAsync(start, project.Name, workflow.Name, call).ConfigureAwait(false);
            return;
        }

        var attempt = await StartAsync(client, start, call, cancellationToken).ConfigureAwait(false);
        await WriteStartedAsync(attempt, call, cancellationToken).ConfigureAwait(false);
        if (AttemptWait.IsWanted(call.Arguments))
        {
            await AttemptWait.RunAsync(call, client, attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<(ProjectInfo Project, string Workflow)> WorkflowOfAsync(
        WorkflowClient client, ClientCall call, CurrentProject? current, CancellationToken cancellationToken)
    {
        if (call.Positional.Count == 2)
        {
            return (await client.ProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false), call.Positional[1]);
        }

        var name = call.Positional[0];
        if (!name.Contains('.', StringComparison.Ordinal))
        {
            await call.Error.WriteLineAsync($"Project {current!.Name} ({current.Source})").ConfigureAwait(false);
            return (await client.ProjectAsync(current.Name, cancellationToken).ConfigureAwait(false), name);
        }

        var (project, workflow) = await WorkflowAddress.FindAsync(client, name, cancellationToken).ConfigureAwait(false);
        return (project, workflow ?? throw new CommandLineException(
            $"'{name}' names a project; name its workflow, too: {call.Context.ProgramName} start {name} WORKFLOW --session now"));
    }

    internal static async Task WriteStartedAsync(AttemptView attempt, ClientCall call, CancellationToken cancellationToken)
    {
        await ListOutput.WriteOneAsync(
            call,
            attempt.Json,
            ListColumns.Attempts,
            output => output.WriteAsync("Started a session attempt:\n" + AttemptText.OfStarted(attempt, call.Context)),
            cancellationToken).ConfigureAwait(false);
        await call.Error.WriteAsync(AttemptText.Hints(attempt, call.Context)).ConfigureAwait(false);
        if (attempt.PoolId is { } pool)
        {
            await call.Error.WriteLineAsync($"Status: {attempt.Status} (pool {pool})").ConfigureAwait(false);
        }
        else if (attempt.Status != "running")
        {
            await call.Error.WriteLineAsync($"Status: {attempt.Status}").ConfigureAwait(false);
        }
    }

    /// <summary>Starts; a session that exists already is named together with what to do.</summary>
    internal static async Task<AttemptView> StartAsync(
        WorkflowClient client, AttemptStart start, ClientCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await client.StartAsync(start, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerAnswerException e) when (start.AllowQueueing == false && IsPoolFull(e))
        {
            throw new CommandLineException($"The pool is full, and --no-queue was asked for: {e.Message}");
        }
        catch (ServerAnswerException e) when (e.Status == 409)
        {
            var existing = WorkflowClient.ExistingAttempt(e);
            var what = existing is null
                ? $"session_time={start.SessionTime}"
                : $"session_id={existing.SessionId}, attempt_id={existing.Id}, session_time={ShortIso(existing.SessionTime)}";
            throw new CommandLineException(
                $"A session for the requested session_time already exists ({what})\n"
                + $"hint: use `{call.Context.ProgramName} retry {existing?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "<attempt-id>"} --latest-revision --all` "
                + "command to run the session again for the same session_time"
                + (e.IsRepeat ? "\nnote: the first request got no answer, so this attempt may be the one that it started" : string.Empty));
        }
    }

    // The service's own words for a full pool are not documented.
    private static bool IsPoolFull(ServerAnswerException refusal) => refusal.Status is >= 400 and < 500
        && ((string[])["Too many attempts", "pool", "queue"]).Any(w => refusal.Body.Contains(w, StringComparison.OrdinalIgnoreCase));

    // As Java prints times with offset: seconds only when there are some.
    private static string ShortIso(OffsetDateTime time)
    {
        var pattern = time.Second == 0 ? "uuuu'-'MM'-'dd'T'HH':'mmo<Z+HH:mm>" : "uuuu'-'MM'-'dd'T'HH':'mm':'sso<Z+HH:mm>";
        return OffsetDateTimePattern.CreateWithInvariantCulture(pattern).Format(time);
    }

    private static (string Time, string? Mode) Plan(string expression, Instant now) => expression switch
    {
        "hourly" => (ClientTime.ToIso(now), "hour"),
        "daily" => (ClientTime.ToIso(now), "day"),
        "now" => (ClientTime.ToIso(now), null),
        _ when OffsetDateTimePattern.Rfc3339.Parse(expression) is { Success: true, Value: var time } => (OffsetDateTimePattern.Rfc3339.Format(time), null),
        _ => (ClientTime.ReadLocal(expression) ?? throw new CommandLineException(
            $"--session must be hourly, daily, now, \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {expression}"), null),
    };

    private static async Task WriteDryRunAsync(AttemptStart start, string project, string workflow, ClientCall call)
    {
        var time = OffsetDateTimePattern.ExtendedIso.Parse(start.SessionTime).GetValueOrThrow();
        await call.Out.WriteAsync(
            $"""
            Session attempt:
              session id: (dry run)
              attempt id: (dry run)
              uuid: (dry run)
              project: {project}
              workflow: {workflow}
              session time: {ClientTime.ToLocal(time.ToInstant(), call.Context)}
              retry attempt name: {start.RetryAttemptName}
              params: {ConfigJson.Write(start.Params)}


            """).ConfigureAwait(false);
        await call.Error.WriteLineAsync("Session attempt is not started.").ConfigureAwait(false);
    }
}
