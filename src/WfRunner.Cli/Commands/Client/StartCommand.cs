using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Client.Models;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf start</c>: starts a session of a workflow. Digdag behaviour: cli-client 8.7, schedules 11.2.</summary>
internal sealed class StartCommand : ClientCommand
{
    private static readonly OptionSyntax Session = OptionSyntax.Value(
        "EXPR", "session time: hourly, daily, now, \"yyyy-MM-dd\" or \"yyyy-MM-dd HH:mm:ss\" (required)", "--session");

    private static readonly OptionSyntax Revision = OptionSyntax.Value("NAME", "use a past revision", "--revision");
    private static readonly OptionSyntax Retry = OptionSyntax.Value("NAME", "set retry attempt name to a new session", "--retry");
    private static readonly OptionSyntax DryRun = OptionSyntax.Flag("try to start a session attempt but do nothing", "-d", "--dry-run");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "start",
        Group = CommandGroup.Client,
        Arguments = "<project> <workflow> --session <hourly | daily | now | yyyy-MM-dd | \"yyyy-MM-dd HH:mm:ss\"> [options...]",
        Summary = "start a new session attempt of a workflow",
        Options = [Session, Revision, Retry, DryRun, WorkflowParameters.Param, WorkflowParameters.ParamsFile, .. ClientOptions.All],
        MinimumArguments = 2,
        MaximumArguments = 2,
        Examples =
        [
            "start myproj workflow1 --session \"2016-01-01 -07:00\"",
            "start myproj workflow1 --session hourly",
            "start myproj workflow1 --session daily -p key=value",
            "start myproj workflow1 --session now",
        ],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var expression = call.Arguments.Value(Session) ?? throw new UsageException("--session option is required");
        var (time, mode) = Plan(expression, call.Context.Clock.GetCurrentInstant());
        var parameters = WorkflowParameters.Of(call.Arguments, call.Context);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var project = await client.ProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false);
        var workflow = await client.WorkflowAsync(project.Id, call.Arguments.Value(Revision), call.Positional[1], cancellationToken)
            .ConfigureAwait(false);
        var sessionTime = await client.TruncateSessionTimeAsync(workflow.Id, time, mode, cancellationToken).ConfigureAwait(false);
        var start = new AttemptStart(workflow.Id, sessionTime, call.Arguments.Value(Retry), null, parameters);
        if (call.Arguments.Has(DryRun))
        {
            await WriteDryRunAsync(start, project.Name, workflow.Name, call).ConfigureAwait(false);
            return;
        }

        await WriteStartedAsync(await StartAsync(client, start, call, cancellationToken).ConfigureAwait(false), call).ConfigureAwait(false);
    }

    internal static async Task WriteStartedAsync(AttemptView attempt, ClientCall call)
    {
        await call.Out.WriteAsync("Started a session attempt:\n" + AttemptText.OfStarted(attempt, call.Context)).ConfigureAwait(false);
        await call.Error.WriteAsync(AttemptText.Hints(attempt, call.Context)).ConfigureAwait(false);
    }

    /// <summary>Starts; a session that exists already is named together with what to do.</summary>
    internal static async Task<AttemptView> StartAsync(
        WorkflowClient client, AttemptStart start, ClientCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await client.StartAsync(start, cancellationToken).ConfigureAwait(false);
        }
        catch (ServerAnswerException e) when (e.Status == 409)
        {
            var existing = ExistingAttempt(e.Body);
            var what = existing is null
                ? $"session_time={start.SessionTime}"
                : $"session_id={existing.SessionId}, attempt_id={existing.Id}, session_time={ShortIso(existing.SessionTime)}";
            throw new CommandLineException(
                $"A session for the requested session_time already exists ({what})\n"
                + $"hint: use `{call.Context.ProgramName} retry {existing?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "<attempt-id>"} --latest-revision --all` "
                + "command to run the session again for the same session_time");
        }
    }

    private static AttemptView? ExistingAttempt(string body)
    {
        try
        {
            return ConfigJson.Parse(body) is ConfigMap map ? AttemptView.Read(map) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidAnswerException)
        {
            return null;
        }
    }

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
