using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf backfill</c>: starts past sessions of a schedule. Digdag behaviour: cli-client 8.18.</summary>
internal sealed class BackfillCommand : ClientCommand
{
    private static readonly OptionSyntax From = OptionSyntax.Value(
        "\"yyyy-MM-dd[ HH:mm:ss]\"", "timestamp to start backfill from (required)", "-f", "--from");

    private static readonly OptionSyntax Name = OptionSyntax.Value("NAME", "retry attempt name (default: random UUID)", "--name");

    private static readonly OptionSyntax Count = OptionSyntax.Value(
        "N", "number of sessions to run from the time (default: all sessions until the next schedule time)", "--count");

    private static readonly OptionSyntax SkipExisting = OptionSyntax.Flag("leave out sessions that exist already (hosted service)", "--skip-existing");

    private static readonly OptionSyntax AdvanceSchedule = OptionSyntax.Flag(
        "let the schedule go on behind the sessions; implies --skip-existing (hosted service)", "--advance-schedule");

    private static readonly OptionSyntax DryRun = OptionSyntax.Flag("tries to backfill and validate the result but does nothing", "-d", "--dry-run");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "backfill",
        Group = CommandGroup.Client,
        Arguments = "<schedule-id> | <project> <workflow> --from TIME [options...]",
        Summary = "start sessions of a schedule for past times",
        Options = [From, Name, Count, SkipExisting, AdvanceSchedule, DryRun, .. ListOutput.Options, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 2,
        Examples = ["backfill 12 --from 2016-01-01", "backfill myproj main --from 2016-01-01 --count 7 --dry-run"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var from = call.Arguments.Value(From) ?? throw new CommandLineException("--from option is required");
        var local = ClientTime.ReadLocal(from) ?? throw new CommandLineException(
            $"--from must be \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {from}");
        if (call.Arguments.Has(AdvanceSchedule) && call.Arguments.Has(Name))
        {
            throw new UsageException("--advance-schedule and --name can't be set together");
        }

        var (count, dryRun) = (call.Arguments.Int32(Count), call.Arguments.Has(DryRun));
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var schedule = await ScheduleTarget.OneAsync(call, client, cancellationToken).ConfigureAwait(false);
        var time = await client.TruncateSessionTimeAsync(schedule.WorkflowId, local, null, cancellationToken).ConfigureAwait(false);
        var attempts = await client.BackfillAsync(schedule.Id, RequestOf(call.Arguments, time, count, dryRun), cancellationToken).ConfigureAwait(false);
        await ListOutput.WriteAsync(
            call,
            [.. attempts.Select(a => a.Json)],
            ListColumns.Attempts,
            output => output.WriteAsync("Session attempts:\n" + string.Concat(attempts.Select(a => AttemptText.OfBackfilled(a, call.Context)))),
            cancellationToken).ConfigureAwait(false);

        await call.Error.WriteLineAsync(dryRun || attempts.Count == 0
            ? "No session attempts started."
            : $"Backfill session attempts started.\nUse `{call.Context.ProgramName} sessions` to show the session attempts.").ConfigureAwait(false);
    }

    // Keys that only the hosted service knows are sent only when they are asked for.
    private static ConfigMap RequestOf(ParsedArguments arguments, string time, int? count, bool dryRun)
    {
        var advances = arguments.Has(AdvanceSchedule);
        ConfigValue none = ConfigNull.Instance;
        var request = ConfigMap.Of(
            ("fromTime", time),
            ("dryRun", dryRun),
            ("attemptName", advances ? none : arguments.Value(Name) ?? Guid.NewGuid().ToString()),
            ("count", count is { } number ? (long)number : none));
        request = advances ? request.Without("attemptName").With("advanceSchedule", true) : request;
        return advances || arguments.Has(SkipExisting) ? request.With("skipExisting", true) : request;
    }
}
