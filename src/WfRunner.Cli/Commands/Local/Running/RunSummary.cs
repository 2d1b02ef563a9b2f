using WfRunner.Cli.CommandLine;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary>How a run ended, in Digdag's words (cli-local 8.10), and the exit code.</summary>
internal static class RunSummary
{
    /// <summary>The exit code of a run.</summary>
    /// <param name="tasks">Its tasks, the root first.</param>
    /// <param name="isInterrupted">Whether the user ended it.</param>
    public static int ExitCode(IReadOnlyList<TaskRecord> tasks, bool isInterrupted) => Succeeded(tasks) ? 0 : isInterrupted ? 130 : 1;

    /// <summary>Says how a run ended.</summary>
    /// <param name="tasks">Its tasks, the root first.</param>
    /// <param name="status">Directory of status files, if any.</param>
    /// <param name="context">Where it is said: standard error.</param>
    public static async Task WriteAsync(IReadOnlyList<TaskRecord> tasks, string? status, CommandContext context)
    {
        var saved = status is null ? string.Empty : $"Task state is saved at {status} directory.";
        if (Succeeded(tasks))
        {
            await context.Error.WriteLineAsync(("Success. " + saved).TrimEnd()).ConfigureAwait(false);
        }
        else
        {
            await WriteFailuresAsync(tasks, context).ConfigureAwait(false);
            await context.Error.WriteLineAsync("\n" + saved).ConfigureAwait(false);
            if (status is null)
            {
                // Nothing was saved, so there is nothing to rerun or to skip.
                return;
            }
        }

        await context.Error.WriteLineAsync(
            "  * Use --session <daily | hourly | \"yyyy-MM-dd[ HH:mm:ss]\"> to not reuse the last session time.").ConfigureAwait(false);
        await context.Error.WriteLineAsync(
            "  * Use --rerun, --start +NAME, or --goal +NAME argument to rerun skipped tasks.").ConfigureAwait(false);
    }

    // Digdag calls a run failed that lists a failed task, even when a group's _retry made good for it.
    private static bool Succeeded(IReadOnlyList<TaskRecord> tasks) =>
        tasks[0].State == TaskState.Success && !tasks.Any(t => t.State == TaskState.Error);

    private static async Task WriteFailuresAsync(IReadOnlyList<TaskRecord> tasks, CommandContext context)
    {
        await context.Error.WriteLineAsync("error: " + (tasks[0].State == TaskState.Canceled ? "attempt was canceled" : string.Empty)).ConfigureAwait(false);
        foreach (var failed in tasks.Where(t => t.State == TaskState.Error))
        {
            await context.Error.WriteLineAsync($"  * {failed.FullName}:").ConfigureAwait(false);
            await context.Error.WriteLineAsync($"    {MessageOf(failed.Error)}").ConfigureAwait(false);
            foreach (var line in failed.Error.GetListOrEmpty("output"))
            {
                await context.Error.WriteLineAsync($"      | {ConfigAccess.AsString("output", line)}").ConfigureAwait(false);
            }
        }
    }

    private static string MessageOf(ConfigMap error)
    {
        var message = error.GetStringOr("message", string.Empty);
        return message.Length == 0 ? error.ToString() : message;
    }
}
