using NodaTime;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Local;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Server.Tasks;

/// <summary>Log and output of one call of an operator: both go to the task's log file, lines go to the server's log too.</summary>
internal sealed class ServerTaskOutput : ITaskOutput
{
    private readonly Stream _file;
    private readonly WorkerNumbers _workers;
    private readonly int _worker;

    public ServerTaskOutput(Stream file, WorkerNumbers workers, string taskOfAttempt, LogOutput serverLog, IClock clock, DateTimeZone zone)
    {
        _file = file;
        _workers = workers;
        _worker = workers.Take();
        Log = new TaskLogLines(file, $"{WorkerNumbers.Text(_worker)}@{taskOfAttempt}", serverLog, clock, zone);
    }

    public ITaskLog Log { get; }

    public Stream Output => _file;

    public async ValueTask DisposeAsync()
    {
        _workers.Release(_worker);
        await _file.DisposeAsync().ConfigureAwait(false);
    }
}
