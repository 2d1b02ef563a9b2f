using System.IO.Compression;
using System.Text;
using WfRunner.Client;
using WfRunner.Client.Models;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// Prints task logs, and goes on printing what comes later. It remembers how many characters of each file it printed, so a line
/// that was half written is completed rather than lost; and it looks once more after the end, when the last lines are complete.
/// </summary>
internal sealed class TaskLogWatcher(WorkflowClient client, long attempt, string? prefix, bool verbose, TextWriter output)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly string[] Unfinished = ["blocked", "ready", "retry_waiting", "group_retry_waiting", "running"];

    private readonly Dictionary<string, (long Size, int Characters, LogLineFilter Filter)> _printed = new(StringComparer.Ordinal);

    /// <summary>Prints what is new since the last call.</summary>
    /// <returns>Whether there was something.</returns>
    public async Task<bool> PrintNewAsync(CancellationToken cancellationToken)
    {
        var files = await client.ListLogFilesAsync(attempt, prefix, cancellationToken).ConfigureAwait(false);
        var isNews = false;
        foreach (var file in files.GroupBy(f => f.TaskName).OrderBy(g => g.Min(f => f.Time)).SelectMany(g => g))
        {
            if (!_printed.TryGetValue(file.FileName, out var known) || known.Size < file.Size)
            {
                isNews |= await PrintAsync(file, cancellationToken).ConfigureAwait(false);
            }
        }

        return isNews;
    }

    /// <summary>Prints until the attempt, or the tasks that are asked for, have ended.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (true)
        {
            var finished = await IsFinishedAsync(cancellationToken).ConfigureAwait(false);
            var isNews = await PrintNewAsync(cancellationToken).ConfigureAwait(false);
            if (finished)
            {
                return;
            }

            pause = isNews ? FirstPause : pause;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task<bool> IsFinishedAsync(CancellationToken cancellationToken)
    {
        if ((await client.GetAttemptAsync(attempt, cancellationToken).ConfigureAwait(false)).IsDone)
        {
            return true;
        }

        if (prefix is null)
        {
            return false;
        }

        var tasks = await client.ListTasksAsync(attempt, cancellationToken).ConfigureAwait(false);
        return !tasks.Any(t => t.FullName.StartsWith(prefix, StringComparison.Ordinal) && Unfinished.Contains(t.State));
    }

    private async Task<bool> PrintAsync(LogFileView file, CancellationToken cancellationToken)
    {
        var (_, characters, filter) = _printed.TryGetValue(file.FileName, out var known) ? known : (0, 0, new LogLineFilter(verbose));
        var text = await ReadAsync(file, cancellationToken).ConfigureAwait(false);
        var fresh = text.Length > characters ? text[characters..] : string.Empty;
        await output.WriteAsync(filter.Apply(fresh)).ConfigureAwait(false);
        _printed[file.FileName] = (file.Size, characters + fresh.Length, filter);
        return fresh.Length > 0;
    }

    // The end of a file that is still written is cut off anywhere; what can be decoded counts.
    private async Task<string> ReadAsync(LogFileView file, CancellationToken cancellationToken)
    {
        using var decoded = new MemoryStream();
        using var body = await client.GetLogFileAsync(attempt, file, cancellationToken).ConfigureAwait(false);
        using var gzip = new GZipStream(body, CompressionMode.Decompress);
        try
        {
            await gzip.CopyToAsync(decoded, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            // Everything before it is in decoded.
        }

        return WholeCharacters(decoded);
    }

    private static string WholeCharacters(MemoryStream decoded)
    {
        var bytes = decoded.GetBuffer().AsSpan(0, (int)decoded.Length);
        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        Encoding.UTF8.GetDecoder().Convert(bytes, characters, flush: false, out _, out var count, out _);
        return new string(characters, 0, count);
    }
}
