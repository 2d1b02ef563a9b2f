using System.Diagnostics.Metrics;
using NodaTime;

namespace WfRunner.Server.Metrics;

/// <summary>
/// What a server counts and measures. The instruments are .NET's own, so any listener can read them; <see cref="MetricsRecorder"/>
/// keeps them for <c>/metrics</c>. Numbers that live in the store are read when somebody asks (<see cref="Stored"/>).
/// </summary>
internal sealed class ServerMeter : IDisposable
{
    public const string Name = "WfRunner.Server";

    private const string Seconds = "s";

    private static readonly InstrumentAdvice<double> Short = new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300] };
    private static readonly InstrumentAdvice<double> Long = new() { HistogramBucketBoundaries = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400] };

    private readonly Counter<long> _attemptsStarted;
    private readonly Counter<long> _attemptsFinished;
    private readonly Counter<long> _tasksStarted;
    private readonly Counter<long> _tasksFinished;
    private readonly UpDownCounter<long> _tasksRunning;
    private readonly Histogram<double> _taskDuration;
    private readonly Histogram<double> _queueWait;
    private readonly Histogram<double> _scheduleLag;
    private readonly Counter<long> _leasesLost;
    private readonly Counter<long> _logBytes;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _notifications;

    public ServerMeter(Func<int> followers, Func<long> published)
    {
        Meter = new Meter(Name, ServerVersion.Own);
        _attemptsStarted = Meter.CreateCounter<long>("wf.attempts.started", null, "Attempts that were started or announced here");
        _attemptsFinished = Meter.CreateCounter<long>("wf.attempts.finished", null, "Attempts that ended here, by how");
        _tasksStarted = Meter.CreateCounter<long>("wf.tasks.started", null, "Calls of operators, by operator");
        _tasksFinished = Meter.CreateCounter<long>("wf.tasks.finished", null, "Calls of operators that ended, by operator and outcome");
        _tasksRunning = Meter.CreateUpDownCounter<long>("wf.tasks.running", null, "Calls of operators that are going on");
        _taskDuration = Meter.CreateHistogram("wf.task.duration", Seconds, "How long calls of operators took", null, Long);
        _queueWait = Meter.CreateHistogram("wf.task.queue.wait", Seconds, "How long tasks waited from being handed out to being run", null, Short);
        _scheduleLag = Meter.CreateHistogram("wf.schedule.lag", Seconds, "How long after its run time a scheduled session was started", null, Long);
        _leasesLost = Meter.CreateCounter<long>("wf.leases.lost", null, "Attempts that another node took over");
        _logBytes = Meter.CreateCounter<long>("wf.task.log", "By", "Task logs written, before compression");
        _timeouts = Meter.CreateCounter<long>("wf.timeouts", null, "Attempts canceled because they, or a task of theirs, took too long");
        _notifications = Meter.CreateCounter<long>("wf.notifications", null, "Notifications of the server itself, by outcome");
        Meter.CreateObservableCounter("wf.events.published", published, null, "Changes that whoever follows is told");
        Meter.CreateObservableGauge("wf.events.followers", () => (long)followers(), null, "Clients that follow live events");
        Meter.CreateObservableGauge("wf.attempts", Attempts, null, "Unfinished attempts of the store, by state");
        Meter.CreateObservableGauge("wf.schedules.late", () => Stored.LateSchedules, null, "Schedules whose run time passed a minute ago or longer");
    }

    /// <summary>The meter that has the instruments.</summary>
    public Meter Meter { get; }

    /// <summary>Numbers of the store, as they were read last.</summary>
    public StoredNumbers Stored { get; set; } = new(0, 0, 0);

    public void AttemptStarted() => _attemptsStarted.Add(1);

    public void AttemptFinished(string state) => _attemptsFinished.Add(1, new KeyValuePair<string, object?>("state", state));

    public void TaskStarted(string operatorName)
    {
        _tasksRunning.Add(1);
        _tasksStarted.Add(1, new KeyValuePair<string, object?>("operator", operatorName));
    }

    public void TaskFinished(string operatorName, string outcome, TimeSpan duration)
    {
        _tasksRunning.Add(-1);
        _tasksFinished.Add(1, new("operator", operatorName), new("outcome", outcome));
        _taskDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("operator", operatorName));
    }

    public void TaskWaited(Duration wait) => _queueWait.Record(Math.Max(0, wait.TotalSeconds));

    public void ScheduleStarted(Duration lag) => _scheduleLag.Record(Math.Max(0, lag.TotalSeconds));

    public void LeasesLost(int count)
    {
        if (count > 0)
        {
            _leasesLost.Add(count);
        }
    }

    public void LogWritten(long bytes) => _logBytes.Add(bytes);

    public void TimedOut(string what) => _timeouts.Add(1, new KeyValuePair<string, object?>("what", what));

    public void Notified(bool isSent) => _notifications.Add(1, new KeyValuePair<string, object?>("outcome", isSent ? "sent" : "failed"));

    public void Dispose() => Meter.Dispose();

    private IEnumerable<Measurement<long>> Attempts() =>
    [
        new(Stored.Running, new KeyValuePair<string, object?>("state", "running")),
        new(Stored.Queued, new KeyValuePair<string, object?>("state", "queued")),
    ];

    /// <summary>Numbers that live in the store.</summary>
    public sealed record StoredNumbers(long Running, long Queued, long LateSchedules);
}
