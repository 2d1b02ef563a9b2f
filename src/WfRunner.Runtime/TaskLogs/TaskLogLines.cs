using System.Text;
using NodaTime;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;

namespace WfRunner.Runtime.TaskLogs;

/// <summary>
/// The log of one task: each line goes to the log of the process and, with milliseconds, to the task's file. Digdag behaviour:
/// engine 22.1, the logging class left out.
/// </summary>
/// <param name="file">The task's file.</param>
/// <param name="thread">How lines name the task.</param>
/// <param name="log">The log of the process; its level counts for both.</param>
/// <param name="clock">The clock.</param>
/// <param name="zone">The zone of times in the file.</param>
public sealed class TaskLogLines(Stream file, string thread, LogOutput log, IClock clock, DateTimeZone zone) : ITaskLog
{
    /// <inheritdoc/>
    public bool IsEnabled(TaskLogLevel level) => log.IsEnabled(level);

    /// <inheritdoc/>
    public void Write(TaskLogLevel level, string message)
    {
        if (!IsEnabled(level))
        {
            return;
        }

        log.Write(level, thread, message);
        var time = DigdagTimestamp.Format(clock.GetCurrentInstant().InZone(zone), withMilliseconds: true);
        file.Write(Encoding.UTF8.GetBytes($"{time} [{level.ToString().ToUpperInvariant()}] ({thread}): {message}\n"));
    }
}
