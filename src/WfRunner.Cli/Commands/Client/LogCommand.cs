using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf log</c>: prints the logs of an attempt's tasks. Digdag behaviour: cli-client 8.13.</summary>
internal sealed class LogCommand : ClientCommand
{
    private static readonly OptionSyntax Verbose = OptionSyntax.Flag("show debug logs", "-v", "--verbose");
    private static readonly OptionSyntax Follow = OptionSyntax.Flag("show new logs until the attempt or task finishes", "-f", "--follow");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "log",
        Aliases = ["logs"],
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> [+task name prefix] [options...]",
        Summary = "show logs of a session attempt",
        Options = [Verbose, Follow, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 2,
        Examples = ["log 35", "log 35 +main+load", "log 35 --follow"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var attempt = call.PositionalId(0);
        var prefix = call.Positional.Count > 1 ? call.Positional[1] : null;
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var watcher = new TaskLogWatcher(client, attempt, prefix, call.Arguments.Has(Verbose), call.Out);
        if (call.Arguments.Has(Follow))
        {
            await watcher.FollowAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await watcher.PrintNewAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
