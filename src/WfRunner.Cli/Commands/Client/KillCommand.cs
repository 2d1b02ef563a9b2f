using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Core.Operators;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf kill</c>: asks an attempt to stop. Digdag behaviour: cli-client 8.14.</summary>
internal sealed class KillCommand : ClientCommand
{
    public static readonly OptionSyntax Reason = OptionSyntax.Value("TEXT", "why; shown here only, the server has no place for it", "--reason");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "kill",
        Group = CommandGroup.Client,
        Arguments = "<attempt-id> [options...]",
        Summary = "kill a running session attempt",
        Options = [Reason, .. ClientOptions.All],
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples = ["kill 35", "kill 35 --reason \"bad data\""],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var id = call.PositionalId(0);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await KillAsync(call, client, id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks an attempt to stop.</summary>
    internal static async Task KillAsync(ClientCall call, WorkflowClient client, long id, CancellationToken cancellationToken)
    {
        await client.KillAsync(id, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteLineAsync($"Kill requested for session attempt {id}").ConfigureAwait(false);
        if (call.Arguments.Value(Reason) is { } reason)
        {
            call.Context.Log.WriteMain(TaskLogLevel.Info, $"Attempt {id} is killed: {reason}");
        }
    }
}
