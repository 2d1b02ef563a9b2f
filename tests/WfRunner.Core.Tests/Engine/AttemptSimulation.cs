using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Core.Tests.Dig;

namespace WfRunner.Core.Tests.Engine;

/// <summary>
/// Drives an attempt without any I/O: a function plays the operators, time jumps to the next due task. Records the order in
/// which tasks ran.
/// </summary>
internal sealed class AttemptSimulation
{
    private readonly Dictionary<TaskId, TaskRecord> _running = [];
    private long _lastId;

    public AttemptSimulation(string dig, ConfigMap? parameters = null, int maximumTasks = 1000, IReadOnlyDictionary<string, TaskRecord>? resumable = null, TaskLimits? limits = null)
    {
        Attempt = new AttemptInfo
        {
            ProjectId = new ProjectId(1),
            ProjectName = "default",
            WorkflowName = "wf",
            SessionId = new SessionId(1),
            SessionUuid = Guid.Empty,
            SessionTime = Now,
            TimeZone = DateTimeZone.Utc,
            AttemptId = new AttemptId(1),
            CreatedAt = Now,
            RunTime = Now,
            Params = parameters ?? ConfigMap.Empty,
        };
        Machine = AttemptMachine.Create(
            Attempt, WorkflowCompiler.Compile(MemoryFiles.Workflow(dig)), limits ?? maximumTasks, () => new TaskId(++_lastId), Now, resumable);
    }

    public AttemptInfo Attempt { get; }

    public AttemptMachine Machine { get; private set; }

    public Instant Now { get; private set; } = Instant.FromUtc(2026, 1, 2, 3, 4, 5);

    /// <summary>Full names in the order their operators were called.</summary>
    public List<string> Ran { get; } = [];

    public List<EngineNotice> Notices { get; } = [];

    /// <summary>Every task that was ever seen to succeed.</summary>
    public HashSet<TaskId> Succeeded { get; } = [];

    public IReadOnlyCollection<TaskRecord> Running => _running.Values;

    public Instant? NextDue { get; private set; }

    /// <summary>Plays until the attempt is done: <c>fail&gt;</c> fails, everything else succeeds, unless told otherwise.</summary>
    public AttemptSimulation Play(Func<TaskRecord, AttemptSimulation, AttemptEvent?>? outcome = null, Func<int, int>? choose = null)
    {
        Apply(new AttemptEvent.Started(Now));
        while (!Machine.IsFinished)
        {
            if (_running.Count == 0)
            {
                Now = NextDue ?? throw new InvalidOperationException("the attempt is stuck: " + this);
                Apply(new AttemptEvent.TimePassed(Now));
                continue;
            }

            var next = _running.Values.OrderBy(t => t.Id).ElementAt(choose?.Invoke(_running.Count) ?? 0);
            _running.Remove(next.Id);
            Ran.Add(next.FullName);
            Apply(outcome?.Invoke(next, this) ?? Usual(next));
        }

        return this;
    }

    public AttemptChanges Apply(AttemptEvent what)
    {
        var changes = Machine.Advance(what);
        foreach (var task in changes.ToRun)
        {
            _running[task.Id] = task;
        }

        Succeeded.UnionWith(changes.Tasks.Where(t => t.State == TaskState.Success).Select(t => t.Id));
        Notices.AddRange(changes.Notices);
        NextDue = changes.NextDue;
        return changes;
    }

    /// <summary>Lets time pass.</summary>
    public void Pass(Duration time)
    {
        Now += time;
        Apply(new AttemptEvent.TimePassed(Now));
    }

    /// <summary>Forgets the machine and loads it again from its records, as a server does after a crash.</summary>
    public void Crash()
    {
        var records = Machine.Tasks.ToList();
        Machine = AttemptMachine.Restore(Attempt, records, 1000, () => new TaskId(++_lastId), Machine.IsCancelRequested);
        _running.Clear();
        Apply(new AttemptEvent.Started(Now));
    }

    public TaskState StateOf(string fullName) => Machine.Tasks.Last(t => t.FullName == fullName).State;

    public override string ToString() => string.Join(", ", Machine.Tasks.Select(t => $"{t.FullName}={t.State}"));

    private AttemptEvent Usual(TaskRecord task) => task.LocalConfig["fail>"] is { } message
        ? new AttemptEvent.TaskFailed(Now, task.Id, ConfigMap.Of(("message", message)))
        : new AttemptEvent.TaskSucceeded(Now, task.Id, TaskResult.Empty);
}
