using WfRunner.Cli.CommandLine;

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
        Arguments = "[session-id] [options...]",
        Summary = "show attempts: the last one of each session, or all of one session",
        Options = [Paging.LastId, Paging.PageSize, IncludeRetried, .. ClientOptions.All],
        MaximumArguments = 1,
        Examples = ["attempts", "attempts 42"],
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(ClientCall call, CancellationToken cancellationToken)
    {
        var session = call.Positional.Count > 0 ? call.PositionalId(0) : (long?)null;
        var (lastId, pageSize) = (call.IdOf(Paging.LastId), call.Arguments.Int32(Paging.PageSize));
        var client = await call.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var attempts = await client.ListAttemptsAsync(session, call.Arguments.Has(IncludeRetried), lastId, pageSize, cancellationToken)
            .ConfigureAwait(false);
        await call.Out.WriteLineAsync("Session attempts:").ConfigureAwait(false);
        foreach (var attempt in attempts.Reverse())
        {
            await call.Out.WriteAsync(AttemptText.OfAttempt(attempt, call.Context)).ConfigureAwait(false);
        }

        await Paging.HintIfEmptyAsync(attempts.Count, call).ConfigureAwait(false);
    }
}
