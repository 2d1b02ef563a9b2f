using System.Globalization;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Client.Listing;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf attempts</c>: lists attempts. Digdag behaviour: cli-client 8.10.</summary>
internal sealed class AttemptsCommand : ClientCommand
{
    private static readonly OptionSyntax IncludeRetried =
        OptionSyntax.Flag("list attempts that were retried since, too", "--include-retried");

    /// <inheritdoc/>
    public override CommandSyntax Syntax { get; } = new()
    {
        Name = "attempts",
        Group = CommandGroup.Client,
        Arguments = "[session-id | project] [options...]",
        Summary = "show attempts: the last one of each session, or all of one session",
        Options = [Paging.LastId, Paging.PageSize, IncludeRetried, .. ListOutput.Options, .. ClientOptions.All],
        MaximumArguments = 1,
        Examples = ["attempts", "attempts 42", "attempts myproj --include-retried --table"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var (session, project) = await AskedForAsync(call).ConfigureAwait(false);
        var (lastId, pageSize) = (call.IdOf(Paging.LastId), call.Arguments.Int32(Paging.PageSize));
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        if (project is not null)
        {
            // The list of an unknown project is empty; this tells.
            await client.ProjectAsync(project, cancellationToken).ConfigureAwait(false);
        }

        var attempts = await client.ListAttemptsAsync(session, project, call.Arguments.Has(IncludeRetried), lastId, pageSize, cancellationToken)
            .ConfigureAwait(false);
        await ListOutput.WriteAsync(call, [.. attempts.Select(a => a.Json)], ListColumns.Attempts, output => WriteAsync(attempts, call, output), cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task<(long? Session, string? Project)> AskedForAsync(ClientCall call)
    {
        if (call.Positional.Count == 0)
        {
            return (null, await CurrentProject.FindAndTellAsync(call).ConfigureAwait(false));
        }

        // Digdag takes ids only; names of projects do not start with a digit.
        var text = call.Positional[0];
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) || char.IsAsciiDigit(text[0])
            ? (call.PositionalId(0), null)
            : (null, text);
    }

    private static async Task WriteAsync(IReadOnlyList<AttemptView> attempts, ClientCall call, TextWriter output)
    {
        await output.WriteLineAsync("Session attempts:").ConfigureAwait(false);
        foreach (var attempt in attempts.Reverse())
        {
            await output.WriteAsync(AttemptText.OfAttempt(attempt, call.Context)).ConfigureAwait(false);
        }

        await Paging.HintIfEmptyAsync(attempts.Count, call).ConfigureAwait(false);
    }
}
