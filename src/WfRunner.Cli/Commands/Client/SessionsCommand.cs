using System.Globalization;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf sessions</c>: lists sessions, or shows one. Digdag behaviour: cli-client 8.9.</summary>
internal sealed class SessionsCommand : ClientCommand
{
    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "session",
        Aliases = ["sessions"],
        Group = CommandGroup.Client,
        Arguments = "[project] [workflow] | [session-id] [options...]",
        Summary = "show past and current workflow sessions",
        Options = [Paging.LastId, Paging.PageSize, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["sessions", "sessions myproj", "sessions myproj main", "session 42"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (lastId, pageSize) = (call.IdOf(Paging.LastId), call.Arguments.Int32(Paging.PageSize));
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        if (call.Positional.Count == 1 && long.TryParse(call.Positional[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            var session = await client.GetSessionAsync(id, cancellationToken).ConfigureAwait(false);
            await call.Out.WriteAsync(AttemptText.OfSession(session, call.Context)).ConfigureAwait(false);
            return;
        }

        var project = call.Positional.Count > 0
            ? (await client.ProjectAsync(call.Positional[0], cancellationToken).ConfigureAwait(false)).Id
            : (long?)null;
        var workflow = call.Positional.Count > 1 ? call.Positional[1] : null;
        var sessions = await client.ListSessionsAsync(project, workflow, lastId, pageSize, cancellationToken).ConfigureAwait(false);
        await call.Out.WriteLineAsync("Sessions:").ConfigureAwait(false);

        // The newest stands last, where the eye is when the list has scrolled by.
        foreach (var session in sessions.Reverse())
        {
            await call.Out.WriteAsync(AttemptText.OfSession(session, call.Context)).ConfigureAwait(false);
        }

        await Paging.HintIfEmptyAsync(sessions.Count, call).ConfigureAwait(false);
    }
}
