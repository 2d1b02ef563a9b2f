using NodaTime;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>A log file as lists show it.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="Size">Bytes on disk, compressed.</param>
/// <param name="TaskName">Full name of the task.</param>
/// <param name="Time">When it was opened.</param>
/// <param name="AgentId">Who ran the task.</param>
/// <param name="Direct">Where to fetch it without the server, for some minutes; null when only the server has it.</param>
public sealed record TaskLogEntry(string FileName, long Size, string TaskName, Instant Time, string AgentId, Uri? Direct = null)
{
    /// <summary>Makes an entry of a file's name.</summary>
    /// <param name="fileName">The name.</param>
    /// <param name="size">Bytes on disk, compressed.</param>
    /// <param name="direct">Where to fetch it without the server; null when only the server has it.</param>
    /// <returns>The entry; null when it is no name of a log file.</returns>
    public static TaskLogEntry? Of(string fileName, long size, Uri? direct = null) => TaskLogFileName.Parse(fileName) is { } parts
        ? new TaskLogEntry(fileName, size, parts.TaskName, parts.Time, parts.AgentId, direct)
        : null;
}
