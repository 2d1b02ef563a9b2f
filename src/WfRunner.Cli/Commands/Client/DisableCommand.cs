using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf disable</c>: stops schedules. Digdag behaviour: cli-client 8.16.</summary>
internal sealed class DisableCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "disable",
        Group = CommandGroup.Client,
        Arguments = ScheduleTarget.Arguments + " [options...]",
        Summary = "disable a workflow schedule, or all of a project",
        Options = ClientOptions.All,
        MinimumArguments = 1,
        MaximumArguments = 2,
        Examples = ["disable 12", "disable myproj", "disable myproj main"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        foreach (var id in await ScheduleTarget.IdsOfAsync(call, client, cancellationToken).ConfigureAwait(false))
        {
            await client.DisableScheduleAsync(id, cancellationToken).ConfigureAwait(false);
            await call.Out.WriteLineAsync($"Disabled schedule id: {id}").ConfigureAwait(false);
        }
    }
}
