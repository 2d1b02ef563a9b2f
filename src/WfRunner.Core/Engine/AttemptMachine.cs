using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Engine;

/// <summary>
/// The state machine of one attempt: the task graph and the rule how events move it. Pure: no clock, file, thread or log; the
/// same events give the same changes. Not safe for use by several threads at once. <c>docs/state-machine.md</c> draws it; the
/// transitions T1 to T15 are numbered there and in Digdag's description (engine 6).
/// </summary>
public sealed class AttemptMachine
{
    /// <summary>
    /// Key of the root's state: when the attempt violates its <c>sla</c>, in milliseconds since 1970. It stands there until it does, so
    /// that a restart neither forgets nor repeats what is to happen then. No operator sees it.
    /// </summary>
    public const string DeadlineKey = "sla_deadline";

    private readonly TaskGraph _graph = new();
    private readonly TaskGeneration _generation;
    private readonly ConfigMap _attemptParams;
    private readonly AttemptId _attemptId;
    private readonly List<TaskNode> _toRun = [];
    private readonly List<EngineNotice> _notices = [];
    private Instant? _deadline;
    private Instant _now;

    private AttemptMachine(
        AttemptInfo attempt, TaskLimits limits, Func<TaskId> nextTaskId, IReadOnlyDictionary<string, TaskRecord>? resumable)
    {
        _attemptParams = attempt.Params;
        _attemptId = attempt.AttemptId;
        _generation = new TaskGeneration(_graph, limits, nextTaskId, resumable ?? new Dictionary<string, TaskRecord>());
    }

    /// <summary>All tasks, ascending by id.</summary>
    public IEnumerable<TaskRecord> Tasks => _graph.Nodes.Select(n => n.Record);

    /// <summary>The root task.</summary>
    public TaskRecord Root => _graph.Root.Record;

    /// <summary>Whether the attempt is done.</summary>
    public bool IsFinished => Root.State.IsDone();

    /// <summary>Whether the attempt was asked to stop.</summary>
    public bool IsCancelRequested => _generation.IsCancelRequested;

    /// <summary>Sets a new attempt up; nothing moves before <see cref="AttemptEvent.Started"/>.</summary>
    /// <param name="attempt">The attempt; its parameters are those below all exports.</param>
    /// <param name="tasks">The compiled workflow, root first.</param>
    /// <param name="limits">How many tasks the attempt may have.</param>
    /// <param name="nextTaskId">Hands out ascending ids.</param>
    /// <param name="now">When the tasks are created.</param>
    /// <param name="resumable">Tasks of an earlier attempt that succeeded, by full name; they count as done (engine 15.1).</param>
    /// <returns>The machine; its tasks are not saved yet.</returns>
    /// <exception cref="WorkflowException">Too many tasks, or an <c>_export</c> that is no object.</exception>
    public static AttemptMachine Create(
        AttemptInfo attempt,
        IReadOnlyList<CompiledTask> tasks,
        TaskLimits limits,
        Func<TaskId> nextTaskId,
        Instant now,
        IReadOnlyDictionary<string, TaskRecord>? resumable = null)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(tasks);
        var machine = new AttemptMachine(attempt, limits, nextTaskId, resumable);

        // Digdag stores the root before it counts, so the root counts twice (dig-language 15).
        machine._generation.CheckLimit(current: 1, tasks);
        var root = machine._generation.Add(null, tasks, [], TaskFlags.InitialTask, now);
        if (attempt.RunTime is { } runTime && SlaRule.Of(root.Record.LocalConfig) is { } sla)
        {
            machine._deadline = sla.DeadlineAfter(runTime, attempt.TimeZone);
            root.Record = root.Record with { StateParams = ConfigMap.Of((DeadlineKey, machine._deadline.Value.ToUnixTimeMilliseconds())) };
        }

        return machine;
    }

    /// <summary>Loads an attempt as a store kept it; nothing moves before <see cref="AttemptEvent.Started"/>.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="records">All its tasks.</param>
    /// <param name="limits">How many tasks the attempt may have.</param>
    /// <param name="nextTaskId">Hands out ascending ids.</param>
    /// <param name="cancelRequested">Whether the attempt was asked to stop.</param>
    /// <param name="resumable">Tasks of an earlier attempt that succeeded, by full name.</param>
    /// <returns>The machine.</returns>
    public static AttemptMachine Restore(
        AttemptInfo attempt,
        IEnumerable<TaskRecord> records,
        TaskLimits limits,
        Func<TaskId> nextTaskId,
        bool cancelRequested,
        IReadOnlyDictionary<string, TaskRecord>? resumable = null)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(records);
        var machine = new AttemptMachine(attempt, limits, nextTaskId, resumable);
        machine._generation.IsCancelRequested = cancelRequested;
        foreach (var record in records.OrderBy(r => r.Id))
        {
            var node = machine._graph.Insert(record);
            if (record.State is TaskState.RetryWaiting or TaskState.GroupRetryWaiting)
            {
                machine._graph.Wait(node, record.RetryAt ?? record.UpdatedAt);
            }
        }

        machine._deadline = machine.Root.StateParams.GetInt64OrNull(DeadlineKey) is { } millis ? Instant.FromUnixTimeMilliseconds(millis) : null;
        return machine;
    }

    /// <summary>One task.</summary>
    /// <param name="id">The task.</param>
    /// <returns>Its record as of the last event.</returns>
    public TaskRecord Get(TaskId id) => _graph[id].Record;

    /// <summary>
    /// The parameters of a task before runtime parameters and own keys are merged: attempt parameters, exports and stores along
    /// the tree, its own <c>_export</c> (dig-language 8.1, steps 1 to 5).
    /// </summary>
    /// <param name="id">A task that may run.</param>
    /// <returns>The parameters, unevaluated.</returns>
    public ConfigMap ParametersOf(TaskId id)
    {
        var node = _graph[id];
        return ParameterCollection.Before(node, _attemptParams).Merge(node.Record.ExportConfig);
    }

    /// <summary>Applies an event.</summary>
    /// <param name="what">What happened. Events about a task that is not running are ignored: it was reported twice, or late.</param>
    /// <returns>What changed, to be saved before it is acted on.</returns>
    public AttemptChanges Advance(AttemptEvent what)
    {
        ArgumentNullException.ThrowIfNull(what);
        _now = what.At;
        if (!IsFinished)
        {
            switch (what)
            {
                case AttemptEvent.Started:
                    Start();
                    break;
                case AttemptEvent.TaskSucceeded e when IsRunning(e.Task, out var node):
                    Succeed(node, e.Result);
                    break;
                case AttemptEvent.TaskFailed e when IsRunning(e.Task, out var node):
                    Fail(node, e.Error);
                    break;
                case AttemptEvent.TaskToRetry e when IsRunning(e.Task, out var node):
                    WaitForRetry(node, TaskState.RetryWaiting, e.Interval, e.StateParams);
                    break;
                case AttemptEvent.CancelRequested:
                    Cancel();
                    break;
                default:
                    break;
            }

            if (_deadline <= _now)
            {
                AddSlaTasks();
            }

            WakeDueTasks();
            DoFollowingWork();
        }

        return CollectChanges();
    }

    private bool IsRunning(TaskId id, out TaskNode node)
    {
        node = _graph.Find(id)!;
        return node?.State == TaskState.Running;
    }

    private void Start()
    {
        foreach (var node in _graph.Nodes.ToList())
        {
            switch (node.State)
            {
                case TaskState.Running:
                    _toRun.Add(node);
                    break;
                case TaskState.Ready:
                    Run(node);
                    break;
                case TaskState.Blocked:
                    _graph.Consider(node);
                    break;
                case TaskState.Planned:
                    _graph.Settle(node);
                    break;
                default:
                    break;
            }
        }
    }

    // First every task that may start, then every parent that may be done.
    private void DoFollowingWork()
    {
        while (true)
        {
            if (_graph.NextToConsider() is { } candidate)
            {
                Consider(candidate);
            }
            else if (_graph.NextToSettle() is { } parent)
            {
                Settle(parent);
            }
            else
            {
                return;
            }
        }
    }

    // T4
    private void Consider(TaskNode node)
    {
        if (node.State != TaskState.Blocked || node.PendingUpstreams > 0 || node.Parent?.State.MayRunChildren() == false)
        {
            return;
        }

        if (node.Record.IsGroup)
        {
            MoveTo(node, TaskState.Planned);
        }
        else if (node.Record.IsCancelRequested)
        {
            MoveTo(node, TaskState.Canceled);
        }
        else
        {
            Run(node);
        }
    }

    // T5; a task is never seen as ready, because nothing stands between being ready and being handed out.
    private void Run(TaskNode node)
    {
        node.Record = node.Record with { StartedAt = node.Record.StartedAt ?? _now, RetryAt = null };
        MoveTo(node, TaskState.Running);
        _toRun.Add(node);
    }

    // T7 to T9
    private void Succeed(TaskNode node, TaskResult result)
    {
        if (node.Record.IsCancelRequested)
        {
            MoveTo(node, TaskState.Canceled);
            return;
        }

        bool generated;
        try
        {
            generated = _generation.AddGenerated(node, result, _now);
        }
        catch (WorkflowException e)
        {
            NoteBrokenGeneration(node, e);
            Fail(node, ConfigMap.Of(("message", FailureText.MessageWithKind(e))));
            return;
        }

        TaskGraph.SetResult(node, result);
        node.Record = node.Record with { Error = ConfigMap.Empty };
        MoveTo(node, generated ? TaskState.Planned : TaskState.Success);
    }

    // T10 to T12
    private void Fail(TaskNode node, ConfigMap error)
    {
        if (node.Record.IsCancelRequested)
        {
            MoveTo(node, TaskState.Canceled);
            return;
        }

        node.Record = node.Record with { Error = error };
        if (AddErrorHandler(node, ConfigMap.Empty, error))
        {
            node.Record = node.Record with { Flags = node.Record.Flags | TaskFlags.DelayedError };
            MoveTo(node, TaskState.Planned);
        }
        else
        {
            MoveTo(node, TaskState.Error);
        }
    }

    // T13, and 5.1 of T15. A kill must not wait for a pause to pass.
    private void WaitForRetry(TaskNode node, TaskState state, Duration pause, ConfigMap stateParams)
    {
        var due = node.Record.IsCancelRequested ? _now : _now + pause;
        var kept = node.Record.StateParams[DeadlineKey] is { } deadline ? stateParams.With(DeadlineKey, deadline) : stateParams;
        node.Record = node.Record with { StateParams = kept, RetryAt = due, RetryCount = node.Record.RetryCount + 1 };
        MoveTo(node, state);
        _graph.Wait(node, due);
    }

    // T14, T6
    private void WakeDueTasks()
    {
        while (_graph.NextDue(_now) is { } node)
        {
            if (node.State == TaskState.GroupRetryWaiting && node.Record.IsCancelRequested)
            {
                MoveTo(node, TaskState.Canceled);
            }
            else if (node.Record.IsGroup)
            {
                _generation.CopyForNextRound(node, _now);
                TaskGraph.SetResult(node, TaskResult.Empty);
                node.Record = node.Record with { RetryAt = null };
                MoveTo(node, TaskState.Planned);
            }
            else
            {
                Run(node);
            }
        }
    }

    // Below the root and beside everything else: what runs goes on. An attempt that is being stopped is nobody's to alert of.
    private void AddSlaTasks()
    {
        var root = _graph.Root;
        _deadline = null;
        root.Record = root.Record with { StateParams = root.Record.StateParams.Without(DeadlineKey) };
        _graph.MarkChanged(root);
        if (IsCancelRequested || SlaRule.Of(root.Record.LocalConfig) is not { } sla)
        {
            return;
        }

        if (sla.Flag("alert", otherwise: true, Warn))
        {
            _generation.AddSlaTask(root, "^sla^alert", ConfigMap.Of(("_type", "notify"), ("_command", "SLA violation")), _now);
        }

        if (sla.Flag("fail", otherwise: false, Warn))
        {
            _generation.AddSlaTask(root, "^sla^fail", ConfigMap.Of(("_type", "fail"), ("_command", "SLA violation")), _now);
        }

        try
        {
            _generation.AddSlaTask(root, "^sla", sla.Tasks, _now);
        }
        catch (WorkflowException e)
        {
            Note(
                TaskLogLevel.Error,
                $"Failed to schedule a session monitor task due to deterministic error. This won't be retried.\n{FailureText.Describe(e)}",
                root);
        }

        void Warn(string message) => Note(TaskLogLevel.Warn, message, root);
    }

    private void Cancel()
    {
        _generation.IsCancelRequested = true;
        foreach (var node in _graph.Nodes.Where(n => !n.State.IsDone()))
        {
            node.Record = node.Record with { Flags = node.Record.Flags | TaskFlags.CancelRequested };
            _graph.MarkChanged(node);
            switch (node.State)
            {
                case TaskState.RetryWaiting or TaskState.GroupRetryWaiting:
                    node.Record = node.Record with { RetryAt = _now };
                    _graph.Wait(node, _now);
                    break;
                case TaskState.Planned:
                    _graph.Settle(node);
                    break;
                default:
                    break;
            }
        }
    }

    // T15: what becomes of a task when no child of it can move on.
    private void Settle(TaskNode node)
    {
        if (node.State != TaskState.Planned || node.ProgressingChildren > 0)
        {
            return;
        }

        if (node.Record.IsCancelRequested)
        {
            MoveTo(node, TaskState.Canceled);
        }
        else if ((node.Record.Flags & TaskFlags.DelayedError) != 0)
        {
            MoveTo(node, TaskState.Error);
        }
        else if ((node.Record.Flags & TaskFlags.DelayedGroupError) != 0)
        {
            MoveTo(node, TaskState.GroupError);
        }
        else if (!HasFailedChild(node))
        {
            MoveTo(node, TaskState.Success);
        }
        else if (RetryOfChildren(node) is { } retry)
        {
            Note(TaskLogLevel.Debug, $"Retrying group {node.Record.FullName} in {retry.Pause.TotalSeconds} seconds", node);
            WaitForRetry(node, TaskState.GroupRetryWaiting, retry.Pause, retry.StateParams);
        }
        else if (AddTasksForFailedChildren(node))
        {
            node.Record = node.Record with { Flags = node.Record.Flags | TaskFlags.DelayedGroupError };
            _graph.MarkChanged(node);
        }
        else
        {
            MoveTo(node, TaskState.GroupError);
        }
    }

    // Only the newest child of a name counts; older ones are remains of earlier rounds.
    private static bool HasFailedChild(TaskNode node)
    {
        if (!node.Children.Exists(c => c.State.IsError()))
        {
            return false;
        }

        var newest = new Dictionary<string, TaskNode>(StringComparer.Ordinal);
        foreach (var child in node.Children)
        {
            newest[child.Record.FullName] = child;
        }

        return newest.Values.Any(c => c.State.IsError());
    }

    private (Duration Pause, ConfigMap StateParams)? RetryOfChildren(TaskNode node)
    {
        try
        {
            return RetryPolicy.Of(node.Record.OwnConfig).Next(node.Record.StateParams);
        }
        catch (ConfigException)
        {
            Note(
                TaskLogLevel.Warn,
                $"Ignore retry parameter because of invalid retry configuration. attempt_id:{_attemptId} config:{node.Record.OwnConfig}",
                node);
            return null;
        }
    }

    private bool AddTasksForFailedChildren(TaskNode node)
    {
        if (node.Parent is null)
        {
            _generation.AddFailureAlert(node, _now);
        }

        var (stores, error) = CollectFromDescendants(node);
        return AddErrorHandler(node, stores, error) || node.Parent is null;
    }

    private static (ConfigMap Stores, ConfigMap Error) CollectFromDescendants(TaskNode node)
    {
        var stores = ConfigMap.Empty;
        var error = ConfigMap.Empty;
        Walk(node);
        return (stores, error);

        void Walk(TaskNode at)
        {
            foreach (var child in at.Children)
            {
                foreach (var path in child.Record.Result.ResetStoreParams)
                {
                    stores = stores.WithoutPath(path.Split('.'));
                }

                stores = stores.Merge(child.Record.Result.StoreParams);
                error = error.Merge(child.Record.Error);
                Walk(child);
            }
        }
    }

    private bool AddErrorHandler(TaskNode node, ConfigMap stores, ConfigMap error)
    {
        try
        {
            return _generation.AddErrorHandler(node, stores, error, _now);
        }
        catch (WorkflowException e)
        {
            Note(
                TaskLogLevel.Warn,
                e.Kind == FailureKind.TaskLimitExceeded
                    ? "Failed to add error tasks because of task limit"
                    : $"Found a broken _error task in attempt {_attemptId} task {node.Record.Id}. Skipping this task.\n{FailureText.Describe(e)}",
                node);
            return false;
        }
    }

    private void NoteBrokenGeneration(TaskNode node, WorkflowException e)
    {
        if (e.Kind == FailureKind.TaskLimitExceeded)
        {
            Note(TaskLogLevel.Warn, "Failed to add subtasks because of task limit", node);
        }
        else
        {
            Note(TaskLogLevel.Error, $"Configuration error at task {node.Record.FullName}: {FailureText.Describe(e)}", node);
        }
    }

    private void MoveTo(TaskNode node, TaskState state) => _graph.Move(node, state, _now);

    private void Note(TaskLogLevel level, string message, TaskNode node) =>
        _notices.Add(new EngineNotice(level, message, node.Record.FullName));

    private AttemptChanges CollectChanges()
    {
        var changes = new AttemptChanges
        {
            Tasks = _graph.TakeChanges(),
            ToRun = _toRun.ConvertAll(n => n.Record),
            Notices = [.. _notices],
            IsFinished = IsFinished,
            NextDue = _graph.NextDueTime() is { } due && !(_deadline < due) ? due : _deadline,
        };
        _toRun.Clear();
        _notices.Clear();
        return changes;
    }
}
