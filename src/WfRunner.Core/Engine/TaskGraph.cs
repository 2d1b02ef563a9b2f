using NodaTime;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Engine;

/// <summary>
/// The tasks of an attempt with their neighbours, and the bookkeeping that makes a transition cheap: counters of unfinished
/// upstreams and of progressing children, the queue of tasks that may start, the queue of parents that may be done, waiting tasks
/// by due time, and what changed since it was last asked. Knows no rule of the state machine.
/// </summary>
internal sealed class TaskGraph
{
    private readonly Dictionary<TaskId, TaskNode> _nodes = [];
    private readonly List<TaskNode> _inOrder = [];
    private readonly PriorityQueue<TaskNode, Instant> _waiting = new();
    private readonly Queue<TaskNode> _toConsider = new();
    private readonly Queue<TaskNode> _toSettle = new();
    private readonly List<TaskNode> _changed = [];

    /// <summary>All tasks, ascending by id.</summary>
    public IReadOnlyList<TaskNode> Nodes => _inOrder;

    public TaskNode Root => _inOrder[0];

    public TaskNode this[TaskId id] => _nodes[id];

    public TaskNode? Find(TaskId id) => _nodes.GetValueOrDefault(id);

    /// <summary>Adds a task whose parent and upstreams are there already.</summary>
    public TaskNode Insert(TaskRecord record)
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
            parent.ProgressingChildren += record.State.IsProgressing() ? 1 : 0;
        }

        MarkStores(node);
        _toConsider.Enqueue(node);
        return node;
    }

    /// <summary>Sets a state and queues every neighbour whose turn may have come by it.</summary>
    public void Move(TaskNode node, TaskState state, Instant now)
    {
        var old = node.State;
        node.Record = node.Record with { State = state, UpdatedAt = now };
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

    /// <summary>Sets what a task gives to others; parameters collected through it are collected anew.</summary>
    public static void SetResult(TaskNode node, TaskResult result)
    {
        node.Record = node.Record with { Result = result };
        node.ParamsInside = null;
        MarkStores(node);
    }

    public void MarkChanged(TaskNode node)
    {
        if (!node.IsChanged)
        {
            node.IsChanged = true;
            _changed.Add(node);
        }
    }

    public void Consider(TaskNode node) => _toConsider.Enqueue(node);

    public void Settle(TaskNode node) => _toSettle.Enqueue(node);

    /// <summary>The next task that may start; every one of them comes before any parent that may be done.</summary>
    public TaskNode? NextToConsider() => _toConsider.TryDequeue(out var node) ? node : null;

    public TaskNode? NextToSettle() => _toSettle.TryDequeue(out var node) ? node : null;

    public void Wait(TaskNode node, Instant due) => _waiting.Enqueue(node, due);

    /// <summary>The next waiting task that is due.</summary>
    public TaskNode? NextDue(Instant now)
    {
        DropStale();
        return _waiting.TryPeek(out _, out var due) && due <= now ? _waiting.Dequeue() : null;
    }

    /// <summary>When the next waiting task is due.</summary>
    public Instant? NextDueTime()
    {
        DropStale();
        return _waiting.TryPeek(out _, out var due) ? due : null;
    }

    /// <summary>The changed tasks, ascending by id; they count as unchanged afterwards.</summary>
    public IReadOnlyList<TaskRecord> TakeChanges()
    {
        _changed.Sort(static (a, b) => a.Record.Id.CompareTo(b.Record.Id));
        foreach (var node in _changed)
        {
            node.IsChanged = false;
        }

        var records = _changed.ConvertAll(n => n.Record);
        _changed.Clear();
        return records;
    }

    /// <summary>Everything below a task.</summary>
    public static IEnumerable<TaskNode> Descendants(TaskNode node)
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

    // A task that was woken early, or waits for another time by now, leaves its old entry behind.
    private void DropStale()
    {
        while (_waiting.TryPeek(out var node, out var due)
            && (node.Record.RetryAt != due || !(node.State is TaskState.RetryWaiting or TaskState.GroupRetryWaiting)))
        {
            _waiting.Dequeue();
        }
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
}
