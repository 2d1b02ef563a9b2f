using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Sessions;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>Where task logs are written to and read from. Digdag behaviour: server 19.</summary>
public interface ITaskLogs
{
    /// <summary>Opens the log of one call of a task's operator. Nothing is stored until something is written.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="taskName">Full name of the task.</param>
    /// <param name="readable">Told how many more bytes, before compression, can be read; null when nobody wants to know.</param>
    /// <returns>The log; its asynchronous disposal ends it, and waits a little until everybody can read it.</returns>
    Stream Open(AttemptInfo attempt, string taskName, Action<long>? readable);

    /// <summary>Lists log files by name.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="prefix">How names start; null for all.</param>
    /// <param name="direct">Whether to tell addresses that lead to files without this server, where there are such.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The files.</returns>
    /// <exception cref="WorkflowException">They cannot be listed.</exception>
    Task<IReadOnlyList<TaskLogEntry>> ListAsync(AttemptInfo attempt, string? prefix, bool direct, CancellationToken cancellationToken);

    /// <summary>Opens a log file for reading, while it may still grow.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="fileName">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The compressed bytes; the caller disposes them.</returns>
    /// <exception cref="WorkflowException">There is no such file, or the name leads elsewhere, or it cannot be read.</exception>
    Task<Stream> ReadAsync(AttemptInfo attempt, string fileName, CancellationToken cancellationToken);

    /// <summary>Deletes the logs of attempts in which nothing was written since a time.</summary>
    /// <param name="before">The time.</param>
    /// <param name="cancellationToken">Ends the deleting; what is gone by then stays gone.</param>
    /// <returns>Of how many attempts.</returns>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    /// <exception cref="WorkflowException">One cannot be deleted.</exception>
    Task<int> DeleteOlderThanAsync(Instant before, CancellationToken cancellationToken);
}
