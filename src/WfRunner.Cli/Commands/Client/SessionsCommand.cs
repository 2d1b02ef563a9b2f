using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client.Models;

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
        Options = [Paging.LastId, Paging.PageSize, .. SessionSearch.Options, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 2,
        Examples = ["sessions", "sessions myproj", "sessions myproj main", "session 42", "sessions myproj --status error --from 2025-01-01 --limit 5 --jsonl"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (lastId, pageSize) = (call.IdOf(Paging.LastId), call.Arguments.Int32(Paging.PageSize));
        var search = SessionSearch.Of(call);
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        if (call.Positional.Count == 1 && long.TryParse(call.Positional[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            var session = await client.GetSessionAsync(id, cancellationToken).ConfigureAwait(false);
            await ListOutput.WriteOneAsync(
                call, session.Json, ListColumns.Sessions, output => output.WriteAsync(AttemptText.OfSession(session, call.Context)), cancellationToken)
                .ConfigureAwait(false);
            return;
        }

        var name = call.Positional.Count > 0 ? call.Positional[0] : await CurrentProject.FindAndTellAsync(call).ConfigureAwait(false);
        var project = name is null ? (long?)null : (await client.ProjectAsync(name, cancellationToken).ConfigureAwait(false)).Id;
        var workflow = call.Positional.Count > 1 ? call.Positional[1] : null;
        var sessions = search is null
            ? await PageAsync(lastId, pageSize).ConfigureAwait(false)
            : await search.FindAsync((last, size) => PageAsync(last, size), lastId).ConfigureAwait(false);
        await ListOutput.WriteAsync(call, [.. sessions.Select(s => s.Json)], ListColumns.Sessions, output => WriteAsync(sessions, call, output), cancellationToken)
            .ConfigureAwait(false);

        Task<IReadOnlyList<SessionView>> PageAsync(long? last, int? size) => client.ListSessionsAsync(project, workflow, last, size, cancellationToken);
    }

    private static async Task WriteAsync(IReadOnlyList<SessionView> sessions, ClientCall call, TextWriter output)
    {
        await output.WriteLineAsync("Sessions:").ConfigureAwait(false);

        // The newest stands last, where the eye is when the list has scrolled by.
        foreach (var session in sessions.Reverse())
        {
            await output.WriteAsync(AttemptText.OfSession(session, call.Context)).ConfigureAwait(false);
        }

        await Paging.HintIfEmptyAsync(sessions.Count, call).ConfigureAwait(false);
    }
}
