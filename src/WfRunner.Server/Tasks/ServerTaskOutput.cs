using System.Text;
using NodaTime;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Local;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Tasks;
using WfRunner.Server.Logs;

namespace WfRunner.Server.Tasks;

/// <summary>Log and output of one call of an operator: both go to the task's log file, lines go to the server's log too.</summary>
internal sealed class ServerTaskOutput : ITaskOutput
{
    private readonly TaskLogFile _file;
    private readonly WorkerNumbers _workers;
    private readonly int _worker;

    public ServerTaskOutput(TaskLogFile file, WorkerNumbers workers, string taskOfAttempt, LogOutput serverLog, IClock clock, DateTimeZone zone)
    {
        _file = file;
        _workers = workers;
        _worker = workers.Take();
        Log = new FileLog(file, $"{WorkerNumbers.Text(_worker)}@{taskOfAttempt}", serverLog, clock, zone);
    }

    public ITaskLog Log { get; }

    public Stream Output => _file;

    public void Dispose()
    {
        _workers.Release(_worker);
        _file.Dispose();
    }

    // Digdag behaviour: engine 22.1, the logging class left out.
    private sealed class FileLog(TaskLogFile file, string thread, LogOutput serverLog, IClock clock, DateTimeZone zone) : ITaskLog
    {
        public bool IsEnabled(TaskLogLevel level) => serverLog.IsEnabled(level);

        public void Write(TaskLogLevel level, string message)
        {
            if (!IsEnabled(level))
            {
                return;
            }

            serverLog.Write(level, thread, message);
            var time = DigdagTimestamp.Format(clock.GetCurrentInstant().InZone(zone), withMilliseconds: true);
            file.Write(Encoding.UTF8.GetBytes($"{time} [{Word(level)}] ({thread}): {message}\n"));
        }

        private static string Word(TaskLogLevel level) => level switch
        {
            TaskLogLevel.Trace => "TRACE",
            TaskLogLevel.Debug => "DEBUG",
            TaskLogLevel.Info => "INFO",
            TaskLogLevel.Warn => "WARN",
            TaskLogLevel.Error => "ERROR",
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
        };
    }
}
