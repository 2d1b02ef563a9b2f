using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf attempt</c>: shows an attempt. Digdag behaviour: cli-client 8.11.</summary>
internal sealed class AttemptCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "attempt",
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> [options...]",
        Summary = "show a session attempt",
        Options = ClientOptions.All,
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["attempt 35"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var id = call.PositionalId(0);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var attempt = await client.GetAttemptAsync(id, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteAsync(AttemptText.OfAttempt(attempt, call.Context)).ConfigureAwait(false);
    }
}
