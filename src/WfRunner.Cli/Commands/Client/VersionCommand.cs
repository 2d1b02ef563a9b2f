using WfRunner.Cli.CommandLine;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf version</c>: shows the versions of both sides. Digdag behaviour: cli-client 8.21.</summary>
internal sealed class VersionCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "version",
        Group = CommandGroup.Client,
        Arguments = "[options...]",
        Summary = "show client and server version",
        Options = ClientOptions.All,
        Examples = ["version", "version -e http://wf.example.com"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        await call.Out.WriteLineAsync($"Client version: {call.Context.Version}").ConfigureAwait(false);
        try
        {
            var version = await call.ConnectUnchecked().GetVersionAsync(cancellationToken).ConfigureAwait(false);
            await call.Out.WriteLineAsync($"Server version: {version}").ConfigureAwait(false);
        }
        catch (Exception e) when (e is ServerAnswerException or ServerUnreachableException)
        {
            await call.Out.WriteLineAsync("An error happened during getting Server version.").ConfigureAwait(false);
            throw;
        }
    }
}
