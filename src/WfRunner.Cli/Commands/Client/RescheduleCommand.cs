using WfRunner.Cli.CommandLine;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf reschedule</c>: skips sessions of a schedule. Digdag behaviour: cli-client 8.17.</summary>
internal sealed class RescheduleCommand : ClientCommand
{
    private static readonly OptionSyntax Skip = OptionSyntax.Value("N", "skips specified number of schedules from now", "-s", "--skip");

    private static readonly OptionSyntax SkipTo = OptionSyntax.Value(
        "\"yyyy-MM-dd HH:mm:ss Z\" | now", "skips schedules until the specified time (exclusive)", "-t", "--skip-to");

    private static readonly OptionSyntax RunAt = OptionSyntax.Value(
        "\"yyyy-MM-dd HH:mm:ss Z\"", "set next run time to this time", "-a", "--run-at");

    private static readonly OptionSyntax DryRun = OptionSyntax.Flag("tries to reschedule and validate the result but does nothing", "-d", "--dry-run");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "reschedule",
        Group = CommandGroup.Client,
        Arguments = "<schedule-id> | <project> <workflow> <--skip N | --skip-to TIME> [options...]",
        Summary = "skip sessions of a schedule to a future time",
        Options = [Skip, SkipTo, RunAt, DryRun, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 2,
        Examples = ["reschedule 12 --skip 3", "reschedule myproj main --skip-to \"2017-07-29 00:00:00 +0900\" --run-at \"2017-07-29 10:00:00 +0900\""],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var request = RequestOf(call);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var id = ScheduleTarget.IdOf(call) ?? (await ScheduleTarget.OneAsync(call, client, cancellationToken).ConfigureAwait(false)).Id;
        var schedule = await client.SkipScheduleAsync(id, request, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteAsync(
            $"""
              id: {schedule.Id}
              workflow: {schedule.WorkflowName}
              disabled at: {ClientTime.ToLocalWithDistance(schedule.DisabledAt, call.Context)}
              next session time: {ClientTime.ToOffset(schedule.NextSessionTime)}
              next scheduled to run at: {ClientTime.ToLocalWithDistance(schedule.NextRunTime, call.Context)}


            """).ConfigureAwait(false);
        await call.Error.WriteLineAsync(call.Arguments.Has(DryRun)
            ? "Schedule is not updated."
            : $"Use `{call.Context.ProgramName} schedules` to show schedules.").ConfigureAwait(false);
    }

    private static ConfigMap RequestOf(ClientCall call)
    {
        var count = call.Arguments.Int32(Skip) is > 0 and var given ? given : (int?)null;
        var to = call.Arguments.Value(SkipTo);
        if (count is not null && to is not null)
        {
            throw new CommandLineException("-s and -t can't be set together");
        }

        if (count is null && to is null)
        {
            throw new UsageException("-s or -t is required");
        }

        var now = call.Context.Clock.GetCurrentInstant();
        ConfigValue none = ConfigNull.Instance;
        return ConfigMap.Of(
            ("count", count is { } number ? (long)number : none),
            ("fromTime", count is null ? none : ClientTime.ToIso(now)),
            ("nextTime", to is null ? none : ClientTime.ToIso(to == "now" ? now : ClientTime.ReadZoned(SkipTo, to, call.Context))),
            ("nextRunTime", call.Arguments.Value(RunAt) is { } at ? ClientTime.ToIso(ClientTime.ReadZoned(RunAt, at, call.Context)) : none),
            ("dryRun", call.Arguments.Has(DryRun)));
    }
}
