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
    private readonly Dictionary<TaskId, TaskNode> _nodes = [];
    private readonly List<TaskNode> _inOrder = [];
    private readonly ConfigMap _attemptParams;
    private readonly AttemptId _attemptId;
    private readonly int _maximumTasks;
    private readonly Func<TaskId> _nextTaskId;
    private readonly IReadOnlyDictionary<string, TaskRecord> _resumable;
    private readonly PriorityQueue<TaskNode, Instant> _waiting = new();

    // Work that follows from the event at hand: first every task that may start, then every parent that may be done.
    private readonly Queue<TaskNode> _toConsider = new();
    private readonly Queue<TaskNode> _toSettle = new();
    private readonly List<TaskNode> _changed = [];
    private readonly List<TaskNode> _toRun = [];
    private readonly List<EngineNotice> _notices = [];
    private Instant _now;

    private AttemptMachine(
        AttemptInfo attempt, int maximumTasks, Func<TaskId> nextTaskId, IReadOnlyDictionary<string, TaskRecord>? resumable)
    {
        _attemptParams = attempt.Params;
        _attemptId = attempt.AttemptId;
        _maximumTasks = maximumTasks;
        _nextTaskId = nextTaskId;
        _resumable = resumable ?? new Dictionary<string, TaskRecord>();
    }

    /// <summary>All tasks, ascending by id.</summary>
    public IEnumerable<TaskRecord> Tasks => _inOrder.Select(n => n.Record);

    /// <summary>The root task.</summary>
    public TaskRecord Root => _inOrder[0].Record;

    /// <summary>Whether the attempt is done.</summary>
    public bool IsFinished => Root.State.IsDone();

    /// <summary>Whether the attempt was asked to stop.</summary>
    public bool IsCancelRequested { get; private set; }

    /// <summary>Sets a new attempt up; nothing moves before <see cref="AttemptEvent.Started"/>.</summary>
    /// <param name="attempt">The attempt; its parameters are those below all exports.</param>
    /// <param name="tasks">The compiled workflow, root first.</param>
    /// <param name="maximumTasks">The most tasks the attempt may have.</param>
    /// <param name="nextTaskId">Hands out ascending ids.</param>
    /// <param name="now">When the tasks are created.</param>
    /// <param name="resumable">Tasks of an earlier attempt that succeeded, by full name; they count as done (engine 15.1).</param>
    /// <returns>The machine; its tasks are not saved yet.</returns>
    /// <exception cref="WorkflowException">Too many tasks, or an <c>_export</c> that is no object.</exception>
    public static AttemptMachine Create(
        AttemptInfo attempt,
        IReadOnlyList<CompiledTask> tasks,
        int maximumTasks,
        Func<TaskId> nextTaskId,
        Instant now,
        IReadOnlyDictionary<string, TaskRecord>? resumable = null)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(tasks);
        var machine = new AttemptMachine(attempt, maximumTasks, nextTaskId, resumable) { _now = now };

        // Digdag stores the root before it counts, so the root counts twice (dig-language 15).
        machine.CheckLimit(current: 1, adding: tasks.Count);
        machine.AddTasks(null, tasks, [], TaskFlags.InitialTask);
        return machine;
    }

    /// <summary>Loads an attempt as a store kept it; nothing moves before <see cref="AttemptEvent.Started"/>.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="records">All its tasks.</param>
    /// <param name="maximumTasks">The most tasks the attempt may have.</param>
    /// <param name="nextTaskId">Hands out ascending ids.</param>
    /// <param name="cancelRequested">Whether the attempt was asked to stop.</param>
    /// <param name="resumable">Tasks of an earlier attempt that succeeded, by full name.</param>
    /// <returns>The machine.</returns>
    public static AttemptMachine Restore(
        AttemptInfo attempt,
        IEnumerable<TaskRecord> records,
        int maximumTasks,
        Func<TaskId> nextTaskId,
        bool cancelRequested,
        IReadOnlyDictionary<string, TaskRecord>? resumable = null)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(records);
        var machine = new AttemptMachine(attempt, maximumTasks, nextTaskId, resumable) { IsCancelRequested = cancelRequested };
        foreach (var record in records.OrderBy(r => r.Id))
        {
            var node = machine.Insert(record);
            if (record.State is TaskState.RetryWaiting or TaskState.GroupRetryWaiting)
            {
                machine._waiting.Enqueue(node, record.RetryAt ?? record.UpdatedAt);
            }
        }

        return machine;
    }

    /// <summary>One task.</summary>
    /// <param name="id">The task.</param>
    /// <returns>Its record as of the last event.</returns>
    public TaskRecord Get(TaskId id) => _nodes[id].Record;

    /// <summary>
    /// The parameters of a task before runtime parameters and own keys are merged: attempt parameters, exports and stores along
    /// the tree, its own <c>_export</c> (dig-language 8.1, steps 1 to 5).
    /// </summary>
    /// <param name="id">A task that may run.</param>
    /// <returns>The parameters, unevaluated.</returns>
    public ConfigMap ParametersOf(TaskId id)
    {
        var node = _nodes[id];
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

            WakeDueTasks();
            DoFollowingWork();
        }

        return CollectChanges();
    }

    private bool IsRunning(TaskId id, out TaskNode node) =>
        _nodes.TryGetValue(id, out node!) && node.State == TaskState.Running;

    private void Start()
    {
        foreach (var node in _inOrder)
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
                    _toConsider.Enqueue(node);
                    break;
                case TaskState.Planned:
                    _toSettle.Enqueue(node);
                    break;
                default:
                    break;
            }
        }
    }

    private void DoFollowingWork()
    {
        while (true)
        {
            if (_toConsider.TryDequeue(out var candidate))
            {
                Consider(candidate);
            }
            else if (_toSettle.TryDequeue(out var parent))
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

        List<(string Name, ConfigMap Config, TaskFlags Flags)> generated = [];
        if (!result.SubtaskConfig.IsEmpty)
        {
            generated.Add(("^sub", result.SubtaskConfig, TaskFlags.InitialTask));
        }

        try
        {
            var check = node.Record.OwnConfig.GetMapOrEmpty("_check");
            if (!check.IsEmpty)
            {
                generated.Add(("^check", check, TaskFlags.None));
            }

            Generate(node, generated);
        }
        catch (WorkflowException e)
        {
            Note(
                e.Kind == FailureKind.TaskLimitExceeded ? TaskLogLevel.Warn : TaskLogLevel.Error,
                e.Kind == FailureKind.TaskLimitExceeded
                    ? "Failed to add subtasks because of task limit"
                    : $"Configuration error at task {node.Record.FullName}: {FailureText.Describe(e)}",
                node);
            Fail(node, ConfigMap.Of(("message", FailureText.MessageWithKind(e))));
            return;
        }

        SetResult(node, result);
        node.Record = node.Record with { Error = ConfigMap.Empty };
        MoveTo(node, generated.Count > 0 ? TaskState.Planned : TaskState.Success);
    }

    // Compiles everything before adding anything, so that a broken ^check leaves no ^sub behind.
    private void Generate(TaskNode node, List<(string Name, ConfigMap Config, TaskFlags Flags)> generated)
    {
        var compiled = generated.ConvertAll(g => WorkflowCompiler.Compile(node.Record.FullName, g.Name, g.Config));
        CheckLimit(_inOrder.Count, compiled.Sum(c => c.Count));
        IReadOnlyList<TaskNode> before = [];
        for (var i = 0; i < compiled.Count; i++)
        {
            before = [AddTasks(node, compiled[i], before, generated[i].Flags)];
        }
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
        if (AddErrorTasks(node, ConfigMap.Empty, error))
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
        node.Record = node.Record with { StateParams = stateParams, RetryAt = due, RetryCount = node.Record.RetryCount + 1 };
        MoveTo(node, state);
        _waiting.Enqueue(node, due);
    }

    // T14, T6
    private void WakeDueTasks()
    {
        while (_waiting.TryPeek(out var node, out var due) && due <= _now)
        {
            _waiting.Dequeue();
            if (node.Record.RetryAt != due || !(node.State is TaskState.RetryWaiting or TaskState.GroupRetryWaiting))
            {
                continue;
            }

            if (node.State == TaskState.GroupRetryWaiting && node.Record.IsCancelRequested)
            {
                MoveTo(node, TaskState.Canceled);
            }
            else if (node.Record.IsGroup)
            {
                StartNextRound(node);
            }
            else
            {
                Run(node);
            }
        }
    }

    private void Cancel()
    {
        IsCancelRequested = true;
        foreach (var node in _inOrder.Where(n => !n.State.IsDone()))
        {
            node.Record = node.Record with { Flags = node.Record.Flags | TaskFlags.CancelRequested };
            MarkChanged(node);
            switch (node.State)
            {
                case TaskState.RetryWaiting or TaskState.GroupRetryWaiting:
                    node.Record = node.Record with { RetryAt = _now };
                    _waiting.Enqueue(node, _now);
                    break;
                case TaskState.Planned:
                    _toSettle.Enqueue(node);
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
            MarkChanged(node);
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
        var added = false;
        if (node.Parent is null)
        {
            var alert = ConfigMap.Of(("_type", "notify"), ("_command", "Workflow session attempt failed"));
            AddTasks(node, WorkflowCompiler.Compile(node.Record.FullName, "^failure-alert", alert), [], TaskFlags.None);
            added = true;
        }

        var (stores, error) = CollectFromDescendants(node);
        return AddErrorTasks(node, stores, error) || added;
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

    private bool AddErrorTasks(TaskNode node, ConfigMap stores, ConfigMap error)
    {
        try
        {
            var handler = node.Record.OwnConfig.GetMapOrEmpty("_error");
            if (handler.IsEmpty)
            {
                return false;
            }

            var export = handler.GetMapOrEmpty("_export").Merge(stores).With("error", error);
            var compiled = WorkflowCompiler.Compile(node.Record.FullName, "^error", handler.With("_export", export));
            CheckLimit(_inOrder.Count, compiled.Count);
            AddTasks(node, compiled, [], TaskFlags.None);
            return true;
        }
        catch (WorkflowException e) when (e.Kind == FailureKind.TaskLimitExceeded)
        {
            Note(TaskLogLevel.Warn, "Failed to add error tasks because of task limit", node);
            return false;
        }
        catch (WorkflowException e)
        {
            Note(
                TaskLogLevel.Warn,
                $"Found a broken _error task in attempt {_attemptId} task {node.Record.Id}. Skipping this task.\n{FailureText.Describe(e)}",
                node);
            return false;
        }
    }

    // T6: the tasks of the definition are copied and run anew; what operators generated, they will generate again.
    private void StartNextRound(TaskNode group)
    {
        var copies = new Dictionary<TaskNode, TaskNode>();
        foreach (var old in Descendants(group).Where(d => IsPartOfNextRound(group, d)).OrderBy(d => d.Record.Id).ToList())
        {
            var record = old.Record;
            var copy = Insert(new TaskRecord
            {
                Id = _nextTaskId(),
                ParentId = (copies.TryGetValue(old.Parent!, out var newParent) ? newParent : old.Parent!).Record.Id,
                Upstreams = [.. record.Upstreams.Select(u => copies.TryGetValue(_nodes[u], out var c) ? c.Record.Id : u)],
                FullName = record.FullName,
                IsGroup = record.IsGroup,
                State = TaskState.Blocked,
                Flags = TaskFlags.InitialTask,
                LocalConfig = record.LocalConfig,
                ExportConfig = record.ExportConfig,
                UpdatedAt = _now,
            });
            copies.Add(old, copy);
            MarkChanged(copy);
            old.Record = record with { Flags = record.Flags & ~TaskFlags.InitialTask };
            MarkChanged(old);
        }

        SetResult(group, TaskResult.Empty);
        group.Record = group.Record with { RetryAt = null };
        MoveTo(group, TaskState.Planned);
    }

    private static bool IsPartOfNextRound(TaskNode group, TaskNode descendant) =>
        (descendant.Record.Flags & TaskFlags.InitialTask) != 0
        && !descendant.Record.FullName.AsSpan(group.Record.FullName.Length).Contains("^sub", StringComparison.Ordinal);

    private static IEnumerable<TaskNode> Descendants(TaskNode node)
    {
        var stack = new Stack<TaskNode>(node.Children);
        while (stack.TryPop(out var next))
        {
            yield return next;
            foreach (var child in next.Children)
            {
                stack.Push(child);
            }
        }
    }

    private void CheckLimit(int current, int adding)
    {
        if (current + adding > _maximumTasks)
        {
            throw new WorkflowException(
                FailureKind.TaskLimitExceeded, $"Too many tasks. Limit: {_maximumTasks}, Current: {current}, Adding: {adding}");
        }
    }

    private TaskNode AddTasks(TaskNode? parent, IReadOnlyList<CompiledTask> tasks, IReadOnlyList<TaskNode> upstreamsOfFirst, TaskFlags flags)
    {
        // _export must be an object; found out before anything is added.
        var exports = tasks.Select(t => t.Config.GetMapOrEmpty("_export")).ToList();
        var added = new List<TaskNode>(tasks.Count);
        foreach (var task in tasks)
        {
            var record = new TaskRecord
            {
                Id = _nextTaskId(),
                ParentId = task.ParentIndex is { } p ? added[p].Record.Id : parent?.Record.Id,
                Upstreams = [.. task.ParentIndex is null ? upstreamsOfFirst.Select(u => u.Record.Id) : task.Upstreams.Select(u => added[u].Record.Id)],
                FullName = task.FullName,
                IsGroup = task.IsGroup,
                State = InitialState(task, isRoot: parent is null && task.ParentIndex is null),
                Flags = flags | (IsCancelRequested ? TaskFlags.CancelRequested : TaskFlags.None),
                LocalConfig = task.Config.Without("_export"),
                ExportConfig = exports[task.Index],
                UpdatedAt = _now,
            };
            var node = Insert(Resumed(record));
            added.Add(node);
            MarkChanged(node);
        }

        return added[0];
    }

    private static TaskState InitialState(CompiledTask task, bool isRoot) =>
        (isRoot, task.IsGroup) switch
        {
            (true, true) => TaskState.Planned,
            (true, false) => TaskState.Ready,
            _ => TaskState.Blocked,
        };

    // T3. Alerts and error handlers of an earlier attempt are never resumed: a second failure must be told again.
    private TaskRecord Resumed(TaskRecord record)
    {
        if (record.ParentId is null || IsHandlerOfFailure(record.FullName) || !_resumable.TryGetValue(record.FullName, out var old))
        {
            return record;
        }

        return record with
        {
            State = TaskState.Success,
            LocalConfig = old.LocalConfig,
            ExportConfig = old.ExportConfig,
            Result = old.Result,
            Error = old.Error,
            UpdatedAt = old.UpdatedAt,
            ResumingTaskId = old.Id,
        };
    }

    private static bool IsHandlerOfFailure(string fullName) =>
        fullName.Contains("^error", StringComparison.Ordinal)
        || fullName.Contains("^failure-alert", StringComparison.Ordinal)
        || fullName.Contains("^sla", StringComparison.Ordinal);

    private TaskNode Insert(TaskRecord record)
    {
        var parent = record.ParentId is { } p ? _nodes[p] : null;
        var node = new TaskNode(record, parent)
        {
            Upstreams = [.. record.Upstreams.Distinct().Select(u => _nodes[u])],
        };
        foreach (var upstream in node.Upstreams)
        {
            upstream.Downstreams.Add(node);
        }

        node.PendingUpstreams = node.Upstreams.Count(u => u.State != TaskState.Success);
        _nodes.Add(record.Id, node);
        _inOrder.Add(node);
        if (parent is not null)
        {
            parent.Children.Add(node);
            if (record.State.IsProgressing())
            {
                parent.ProgressingChildren++;
            }
        }

        MarkStores(node);
        _toConsider.Enqueue(node);
        return node;
    }

    private static void SetResult(TaskNode node, TaskResult result)
    {
        node.Record = node.Record with { Result = result };
        node.ParamsInside = null;
        MarkStores(node);
    }

    private static void MarkStores(TaskNode node)
    {
        if (node.Record.Result.StoreParams.IsEmpty && node.Record.Result.ResetStoreParams.Count == 0)
        {
            return;
        }

        for (var at = node; at is { HasStores: false }; at = at.Parent)
        {
            at.HasStores = true;
        }
    }

    private void MoveTo(TaskNode node, TaskState state)
    {
        var old = node.State;
        node.Record = node.Record with { State = state, UpdatedAt = _now };
        MarkChanged(node);
        if (node.Parent is { } parent)
        {
            parent.ProgressingChildren += (state.IsProgressing() ? 1 : 0) - (old.IsProgressing() ? 1 : 0);
            if (state.IsDone())
            {
                _toSettle.Enqueue(parent);
            }
        }

        if (state == TaskState.Success)
        {
            foreach (var downstream in node.Downstreams)
            {
                if (--downstream.PendingUpstreams == 0)
                {
                    _toConsider.Enqueue(downstream);
                }
            }
        }

        if (state.MayRunChildren())
        {
            foreach (var child in node.Children.Where(c => c.State == TaskState.Blocked))
            {
                _toConsider.Enqueue(child);
            }
        }

        if (state == TaskState.Planned)
        {
            _toSettle.Enqueue(node);
        }
    }

    private void MarkChanged(TaskNode node)
    {
        if (!node.IsChanged)
        {
            node.IsChanged = true;
            _changed.Add(node);
        }
    }

    private void Note(TaskLogLevel level, string message, TaskNode node) =>
        _notices.Add(new EngineNotice(level, message, node.Record.FullName));

    private AttemptChanges CollectChanges()
    {
        _changed.Sort(static (a, b) => a.Record.Id.CompareTo(b.Record.Id));
        foreach (var node in _changed)
        {
            node.IsChanged = false;
        }

        while (_waiting.TryPeek(out var stale, out var at)
            && (stale.Record.RetryAt != at || !(stale.State is TaskState.RetryWaiting or TaskState.GroupRetryWaiting)))
        {
            _waiting.Dequeue();
        }

        var changes = new AttemptChanges
        {
            Tasks = _changed.ConvertAll(n => n.Record),
            ToRun = _toRun.ConvertAll(n => n.Record),
            Notices = [.. _notices],
            IsFinished = IsFinished,
            NextDue = _waiting.TryPeek(out _, out var due) ? due : null,
        };
        _changed.Clear();
        _toRun.Clear();
        _notices.Clear();
        return changes;
    }
}
