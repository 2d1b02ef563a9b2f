using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Sessions;

namespace WfRunner.Server.Logs;

/// <summary>A log file as lists show it.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="Size">Bytes on disk, compressed.</param>
/// <param name="TaskName">Full name of the task.</param>
/// <param name="Time">When it was opened.</param>
/// <param name="AgentId">Who ran the task.</param>
internal sealed record TaskLogEntry(string FileName, long Size, string TaskName, Instant Time, string AgentId);

/// <summary>Task logs as gzip files in Digdag's folder layout (server 19).</summary>
internal sealed class TaskLogStore(string root, string agentId, IClock clock, TimeProvider timers)
{
    /// <summary>Opens the log of one call of a task's operator. The file comes to be with the first byte.</summary>
    public TaskLogFile Open(AttemptInfo attempt, string taskName)
    {
        var folder = Path.Combine(root, TaskLogFileName.FolderOf(attempt));
        var name = new TaskLogFileName(taskName, clock.GetCurrentInstant(), agentId);
        return new TaskLogFile(Path.Combine(folder, name.ToString()), timers);
    }

    /// <summary>Lists files by name.</summary>
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
                .Select(f => (File: f, Parts: TaskLogFileName.Parse(f.Name)))
                .Where(p => p.Parts is not null)
                .Select(p => new TaskLogEntry(p.File.Name, p.File.Length, p.Parts!.TaskName, p.Parts.Time, p.Parts.AgentId)),
        ];
    }

    /// <summary>Opens a file for reading, while it may still grow.</summary>
    /// <exception cref="WorkflowException">There is no such file, or the name leads elsewhere.</exception>
    public FileStream Read(AttemptInfo attempt, string fileName)
    {
        if (fileName.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || fileName is "." or "..")
        {
            throw new WorkflowException(FailureKind.IllegalArgument, $"Invalid file name: {fileName}");
        }

        var path = Path.Combine(root, TaskLogFileName.FolderOf(attempt), fileName);
        return File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            : throw new WorkflowException(FailureKind.ResourceNotFound, "Log file not found");
    }
}
