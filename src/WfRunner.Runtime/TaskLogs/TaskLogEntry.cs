using NodaTime;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>A log file as lists show it.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="Size">Bytes on disk, compressed.</param>
/// <param name="TaskName">Full name of the task.</param>
/// <param name="Time">When it was opened.</param>
/// <param name="AgentId">Who ran the task.</param>
public sealed record TaskLogEntry(string FileName, long Size, string TaskName, Instant Time, string AgentId);
