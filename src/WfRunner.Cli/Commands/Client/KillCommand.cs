using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf kill</c>: asks an attempt to stop. Digdag behaviour: cli-client 8.14.</summary>
internal sealed class KillCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "kill",
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> [options...]",
        Summary = "kill a running session attempt",
        Options = ClientOptions.All,
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["kill 35"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var id = call.PositionalId(0);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await client.KillAsync(id, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteLineAsync($"Kill requested for session attempt {id}").ConfigureAwait(false);
    }
}
