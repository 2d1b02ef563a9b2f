using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Sessions;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>Task logs as gzip files in Digdag's folder layout (server 19, cli-local 8.11).</summary>
/// <param name="root">The folder of all logs.</param>
/// <param name="agentId">Who runs tasks here, for the files' names.</param>
/// <param name="clock">The clock.</param>
/// <param name="timers">Timers, for writing out what waits.</param>
public sealed class TaskLogStore(string root, string agentId, IClock clock, TimeProvider timers) : ITaskLogs
{
    /// <summary>Opens the log of one call of a task's operator. The file comes to be with the first byte.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="taskName">Full name of the task.</param>
    /// <param name="readable">Told how many more bytes, before compression, can be read; null when nobody wants to know.</param>
    /// <returns>The file; closed by its disposal.</returns>
    public TaskLogFile Open(AttemptInfo attempt, string taskName, Action<long>? readable = null) =>
        Open(attempt, taskName, clock.GetCurrentInstant(), readable);

    /// <summary>Opens the log of one call of a task's operator, or a part of it.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="taskName">Full name of the task.</param>
    /// <param name="time">The time in the file's name.</param>
    /// <param name="readable">Told how many more bytes, before compression, can be read; null when nobody wants to know.</param>
    /// <returns>The file; closed by its disposal.</returns>
    internal TaskLogFile Open(AttemptInfo attempt, string taskName, Instant time, Action<long>? readable)
    {
        var folder = Path.Combine(root, TaskLogFileName.FolderOf(attempt));
        return new TaskLogFile(Path.Combine(folder, new TaskLogFileName(taskName, time, agentId).ToString()), timers, readable);
    }

    /// <summary>Lists files by name.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="prefix">How names start; null for all.</param>
    /// <returns>The files.</returns>
    public IReadOnlyList<TaskLogEntry> List(AttemptInfo attempt, string? prefix)
    {
        var folder = new DirectoryInfo(Path.Combine(root, TaskLogFileName.FolderOf(attempt)));
        if (!folder.Exists)
        {
            return [];
        }

        return
        [
            .. folder.EnumerateFiles("*" + TaskLogFileName.Suffix)
                .Where(f => prefix is null || f.Name.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(f => f.Name, StringComparer.Ordinal)
                .Select(f => TaskLogEntry.Of(f.Name, f.Length))
                .OfType<TaskLogEntry>(),
        ];
    }

    /// <summary>Deletes the folders of attempts in which nothing was written since a time.</summary>
    /// <param name="before">The time.</param>
    /// <param name="cancellationToken">Ends the deleting; what is gone by then stays gone.</param>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    public int DeleteOlderThan(Instant before, CancellationToken cancellationToken)
    {
        var days = new DirectoryInfo(root);
        if (!days.Exists)
        {
            return 0;
        }

        var deleted = 0;

        // Only folders of the form that this class makes, and no links: somebody may keep other things beside them.
        foreach (var day in days.EnumerateDirectories().Where(d => TaskLogFileName.IsDay(d.Name) && d.LinkTarget is null).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var attempt in day.EnumerateDirectories().Where(d => d.LinkTarget is null && IsOlder(d, before)).ToList())
            {
                attempt.Delete(recursive: true);
                deleted++;
            }

            if (!day.EnumerateFileSystemInfos().Any())
            {
                day.Delete();
            }
        }

        return deleted;
    }

    /// <summary>Opens a file for reading, while it may still grow.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="fileName">Its name.</param>
    /// <returns>The compressed bytes.</returns>
    /// <exception cref="WorkflowException">There is no such file, or the name leads elsewhere.</exception>
    public FileStream Read(AttemptInfo attempt, string fileName) => Find(attempt, fileName)
        ?? throw new WorkflowException(FailureKind.ResourceNotFound, "Log file not found");

    /// <inheritdoc/>
    Stream ITaskLogs.Open(AttemptInfo attempt, string taskName, Action<long>? readable) => Open(attempt, taskName, readable);

    /// <inheritdoc/>
    Task<IReadOnlyList<TaskLogEntry>> ITaskLogs.ListAsync(AttemptInfo attempt, string? prefix, bool direct, CancellationToken cancellationToken) =>
        Task.FromResult(List(attempt, prefix));

    /// <inheritdoc/>
    Task<Stream> ITaskLogs.ReadAsync(AttemptInfo attempt, string fileName, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(Read(attempt, fileName));

    /// <inheritdoc/>
    Task<int> ITaskLogs.DeleteOlderThanAsync(Instant before, CancellationToken cancellationToken) =>
        Task.FromResult(DeleteOlderThan(before, cancellationToken));

    /// <summary>Opens a file for reading, while it may still grow.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="fileName">Its name.</param>
    /// <returns>The compressed bytes; null when there is no such file.</returns>
    /// <exception cref="WorkflowException">The name leads elsewhere.</exception>
    internal FileStream? Find(AttemptInfo attempt, string fileName)
    {
        TaskLogFileName.ThrowIfPath(fileName);
        try
        {
            var path = Path.Combine(root, TaskLogFileName.FolderOf(attempt), fileName);
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsOlder(DirectoryInfo attempt, Instant before) =>
        attempt.EnumerateFiles().Select(f => f.LastWriteTimeUtc).Append(attempt.LastWriteTimeUtc).Max() < before.ToDateTimeUtc();
}
