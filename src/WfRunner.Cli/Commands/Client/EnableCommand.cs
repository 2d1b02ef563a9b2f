using WfRunner.Cli.CommandLine;
using WfRunner.Core.Config;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf enable</c>: lets schedules run again. Digdag behaviour: cli-client 8.16; skipping what was missed is ours.</summary>
internal sealed class EnableCommand : ClientCommand
{
    private static readonly OptionSyntax Skip = OptionSyntax.Flag("do not run the sessions that were missed", "--skip");

    private static readonly OptionSyntax SkipTo = OptionSyntax.Value(
        "TIME", "skip to the first session at or after this local time of the workflow", "--skip-to");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "enable",
        Group = CommandGroup.Client,
        Arguments = ScheduleTarget.Arguments + " [options...]",
        Summary = "enable a workflow schedule, or all of a project",
        Options = [Skip, SkipTo, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 2,
        Examples = ["enable 12", "enable myproj", "enable myproj main --skip"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var request = RequestOf(call.Arguments);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        foreach (var id in await ScheduleTarget.IdsOfAsync(call, client, cancellationToken).ConfigureAwait(false))
        {
            await client.EnableScheduleAsync(id, request, cancellationToken).ConfigureAwait(false);
            await call.Out.WriteLineAsync($"Enabled schedule id: {id}").ConfigureAwait(false);
        }
    }

    private static ConfigMap RequestOf(ParsedArguments arguments)
    {
        if (arguments.Value(SkipTo) is { } time)
        {
            return ConfigMap.Of(
                ("skipSchedule", true),
                ("nextTime", ClientTime.ReadLocal(time) ?? throw new CommandLineException(
                    $"--skip-to must be \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {time}")));
        }

        // Servers differ in what they do when they are not told.
        return ConfigMap.Of(("skipSchedule", arguments.Has(Skip)));
    }
}
