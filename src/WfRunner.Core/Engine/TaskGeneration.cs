using System.Text;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Engine;

/// <summary>
/// Makes tasks: those of the definition, those that a task generates (<c>^sub</c>, <c>^check</c>), those that handle a failure
/// (<c>^error</c>, <c>^failure-alert</c>), and the copies of a retried group. Digdag behaviour: engine 8, 11 and 12.
/// </summary>
internal sealed class TaskGeneration(
    TaskGraph graph, TaskLimits limits, Func<TaskId> nextTaskId, IReadOnlyDictionary<string, TaskRecord> resumable)
{
    /// <summary>Whether tasks made from now on are marked as asked to stop.</summary>
    public bool IsCancelRequested { get; set; }

    /// <summary>Refuses tasks over the limit.</summary>
    /// <exception cref="WorkflowException">There would be too many, or a name is too long.</exception>
    public void CheckLimit(int current, params IReadOnlyList<IReadOnlyList<CompiledTask>> added)
    {
        var adding = added.Sum(a => a.Count);
        if (current + adding > limits.Count)
        {
            throw new WorkflowException(
                FailureKind.TaskLimitExceeded, $"Too many tasks. Limit: {limits.Count}, Current: {current}, Adding: {adding}");
        }

        if (limits.NameBytes is { } most && added.SelectMany(a => a).FirstOrDefault(t => Encoding.UTF8.GetByteCount(t.FullName) > most) is { } task)
        {
            throw new WorkflowException(
                FailureKind.TaskLimitExceeded,
                $"Too long name of a task. Limit: {most} bytes, Current: {Encoding.UTF8.GetByteCount(task.FullName)}, Name: {task.FullName}");
        }
    }

    /// <summary>Adds compiled tasks below a task, or as the root.</summary>
    /// <returns>The outermost of them.</returns>
    /// <exception cref="ConfigException">An <c>_export</c> is no object; nothing was added.</exception>
    public TaskNode Add(
        TaskNode? parent, IReadOnlyList<CompiledTask> tasks, IReadOnlyList<TaskNode> upstreamsOfFirst, TaskFlags flags, Instant now)
    {
        var exports = tasks.Select(t => t.Config.GetMapOrEmpty("_export")).ToList();
        var added = new List<TaskNode>(tasks.Count);
        foreach (var task in tasks)
        {
            var upstreams = task.ParentIndex is null ? upstreamsOfFirst.Select(u => u.Record.Id) : task.Upstreams.Select(u => added[u].Record.Id);
            var record = new TaskRecord
            {
                Id = nextTaskId(),
                ParentId = task.ParentIndex is { } p ? added[p].Record.Id : parent?.Record.Id,
                Upstreams = [.. upstreams],
                FullName = task.FullName,
                IsGroup = task.IsGroup,
                State = InitialState(task, isRoot: parent is null && task.ParentIndex is null),
                Flags = flags | (IsCancelRequested ? TaskFlags.CancelRequested : TaskFlags.None),
                LocalConfig = task.Config.Without("_export"),
                ExportConfig = exports[task.Index],
                UpdatedAt = now,
            };
            var node = graph.Insert(Resumed(record));
            added.Add(node);
            graph.MarkChanged(node);
        }

        return added[0];
    }

    /// <summary>
    /// Adds what a successful task generates. Everything is compiled before anything is added, so that a broken <c>^check</c> leaves
    /// no <c>^sub</c> behind.
    /// </summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="WorkflowException">A config is broken, or there would be too many tasks; nothing was added.</exception>
    public bool AddGenerated(TaskNode node, TaskResult result, Instant now)
    {
        List<(string Name, ConfigMap Config, TaskFlags Flags)> generated = [];
        if (!result.SubtaskConfig.IsEmpty)
        {
            generated.Add(("^sub", result.SubtaskConfig, TaskFlags.InitialTask));
        }

        if (node.Record.OwnConfig.GetMapOrEmpty("_check") is { IsEmpty: false } check)
        {
            generated.Add(("^check", check, TaskFlags.None));
        }

        if (generated.Count == 0)
        {
            // Copies of a retried group may be more than the limit, and their tasks must end all the same.
            return false;
        }

        var compiled = generated.ConvertAll(g => WorkflowCompiler.Compile(node.Record.FullName, g.Name, g.Config));
        CheckLimit(graph.Nodes.Count, [.. compiled]);
        IReadOnlyList<TaskNode> before = [];
        for (var i = 0; i < compiled.Count; i++)
        {
            before = [Add(node, compiled[i], before, generated[i].Flags, now)];
        }

        return true;
    }

    /// <summary>Adds the alert that every failed workflow sends; it does not count against the limit.</summary>
    public void AddFailureAlert(TaskNode root, Instant now)
    {
        var alert = ConfigMap.Of(("_type", "notify"), ("_command", "Workflow session attempt failed"));
        Add(root, WorkflowCompiler.Compile(root.Record.FullName, "^failure-alert", alert), [], TaskFlags.None, now);
    }

    /// <summary>Adds a task for an attempt that is late; it does not count against the limit.</summary>
    /// <exception cref="WorkflowException">The config is broken; nothing was added.</exception>
    public void AddSlaTask(TaskNode root, string name, ConfigMap config, Instant now) =>
        Add(root, WorkflowCompiler.Compile(root.Record.FullName, name, config), [], TaskFlags.None, now);

    /// <summary>Adds a task's <c>_error</c>, which sees the error and what was stored below the task.</summary>
    /// <returns>Whether the task has an <c>_error</c>.</returns>
    /// <exception cref="WorkflowException">It is broken, or there would be too many tasks; nothing was added.</exception>
    public bool AddErrorHandler(TaskNode node, ConfigMap stores, ConfigMap error, Instant now)
    {
        var handler = node.Record.OwnConfig.GetMapOrEmpty("_error");
        if (handler.IsEmpty)
        {
            return false;
        }

        var export = handler.GetMapOrEmpty("_export").Merge(stores).With("error", error);
        var compiled = WorkflowCompiler.Compile(node.Record.FullName, "^error", handler.With("_export", export));
        CheckLimit(graph.Nodes.Count, compiled);
        Add(node, compiled, [], TaskFlags.None, now);
        return true;
    }

    /// <summary>
    /// Copies the tasks of a group for its next round; what operators generated, they will generate again. The copies can be retried
    /// themselves, the old ones not any more.
    /// </summary>
    public void CopyForNextRound(TaskNode group, Instant now)
    {
        var copies = new Dictionary<TaskNode, TaskNode>();
        foreach (var old in TaskGraph.Descendants(group).Where(d => IsPartOfNextRound(group, d)).OrderBy(d => d.Record.Id).ToList())
        {
            var record = old.Record;
            var copy = graph.Insert(new TaskRecord
            {
                Id = nextTaskId(),
                ParentId = (copies.TryGetValue(old.Parent!, out var newParent) ? newParent : old.Parent!).Record.Id,
                Upstreams = [.. record.Upstreams.Select(u => copies.TryGetValue(graph[u], out var c) ? c.Record.Id : u)],
                FullName = record.FullName,
                IsGroup = record.IsGroup,
                State = TaskState.Blocked,
                Flags = TaskFlags.InitialTask,
                LocalConfig = record.LocalConfig,
                ExportConfig = record.ExportConfig,
                UpdatedAt = now,
            });
            copies.Add(old, copy);
            graph.MarkChanged(copy);
            old.Record = record with { Flags = record.Flags & ~TaskFlags.InitialTask };
            graph.MarkChanged(old);
        }
    }

    private static bool IsPartOfNextRound(TaskNode group, TaskNode descendant) =>
        (descendant.Record.Flags & TaskFlags.InitialTask) != 0
        && !descendant.Record.FullName.AsSpan(group.Record.FullName.Length).Contains("^sub", StringComparison.Ordinal);

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
        if (record.ParentId is null || IsHandlerOfFailure(record.FullName) || !resumable.TryGetValue(record.FullName, out var old))
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
}
