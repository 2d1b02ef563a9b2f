using NodaTime;
using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Rendering;
using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Waits for an attempt, with its logs or without, and makes its end the exit code.</summary>
internal static class AttemptWait
{
    public static readonly OptionSyntax Wait = OptionSyntax.Flag("wait for the attempt; exit with 1 unless it succeeds", "--wait");
    public static readonly OptionSyntax Follow = OptionSyntax.Flag("show its logs while waiting", "--follow");

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Whether the options ask to wait.</summary>
    public static bool IsWanted(ParsedArguments arguments) => arguments.Has(Wait) || arguments.Has(Follow);

    /// <summary>Waits until the attempt is done and sets the exit code.</summary>
    /// <param name="call">Options and streams.</param>
    /// <param name="client">The server.</param>
    /// <param name="attempt">The attempt as it was started.</param>
    /// <param name="cancellationToken">Stops waiting; the attempt goes on.</param>
    public static async Task RunAsync(ClientCall call, WorkflowClient client, AttemptView attempt, CancellationToken cancellationToken)
    {
        if (call.Arguments.Has(Follow))
        {
            await new TaskLogWatcher(client, attempt.Id, prefix: null, verbose: false, call.Out).FollowAsync(cancellationToken).ConfigureAwait(false);
        }

        var done = await UntilDoneAsync(client, attempt, status => call.Error.WriteLineAsync($"Attempt {attempt.Id}: {status}"), cancellationToken).ConfigureAwait(false);
        var time = (done.FinishedAt ?? call.Context.Clock.GetCurrentInstant()) - done.CreatedAt;
        await call.Error.WriteLineAsync($"Attempt {done.Id}: {done.Status} after {TerminalText.Time(Duration.Max(time, Duration.Zero))}").ConfigureAwait(false);
        call.ExitCode = done.IsSuccess ? 0 : 1;
    }

    // States that this program does not know are states of waiting.
    private static async Task<AttemptView> UntilDoneAsync(
        WorkflowClient client, AttemptView attempt, Func<string, Task> tell, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        var told = attempt.Status;
        while (true)
        {
            var now = await client.GetAttemptAsync(attempt.Id, cancellationToken).ConfigureAwait(false);
            if (now.IsDone || now.IsSuccess)
            {
                return now;
            }

            if (now.Status != told)
            {
                told = now.Status;
                pause = FirstPause;
                await tell(told).ConfigureAwait(false);
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, LongestPause.Ticks));
        }
    }
}
