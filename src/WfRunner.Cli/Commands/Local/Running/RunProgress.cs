using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Attempts;

namespace WfRunner.Cli.Commands.Local.Running;

/// <summary>What became of a task so far.</summary>
/// <param name="Id">Its id.</param>
/// <param name="FullName">Its full name.</param>
/// <param name="IsGroup">Whether it only groups others.</param>
internal sealed record TaskProgress(TaskId Id, string FullName, bool IsGroup)
{
    /// <summary>Its state.</summary>
    public TaskState State { get; init; }

    /// <summary>When its operator was called first.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public Instant? EndedAt { get; init; }

    /// <summary>Whether an earlier result stands for it, or it was not asked for.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>Whether it ended.</summary>
    public bool IsDone => State is TaskState.Success or TaskState.Error or TaskState.GroupError or TaskState.Canceled;

    /// <summary>How long its operator took; null while it runs, and when it never did.</summary>
    public Duration? Took => StartedAt is { } from && EndedAt is { } to ? to - from : null;
}

/// <summary>Keeps track of a run for those who show it: the live view, the table at the end, the events. Safe for several threads.</summary>
/// <param name="clock">The clock.</param>
internal sealed class RunProgress(IClock clock) : IAttemptObserver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, TaskProgress> _tasks = [];
    private readonly Dictionary<TaskId, TaskProgress> _running = [];
    private int _all;
    private int _done;
    private bool _failed;

    /// <summary>Told each task that changed, in the order of changes.</summary>
    public event Action<TaskProgress, TaskRecord>? Changed;

    /// <summary>All tasks, ascending by id.</summary>
    public IReadOnlyList<TaskProgress> Tasks
    {
        get
        {
            lock (_lock)
            {
                return [.. _tasks.Values.OrderBy(t => t.Id.Value)];
            }
        }
    }

    /// <summary>What goes on now. Cheap however many tasks there are.</summary>
    public RunMoment Now
    {
        get
        {
            lock (_lock)
            {
                return new RunMoment([.. _running.Values.OrderBy(t => t.Id.Value)], _done, _all, _failed);
            }
        }
    }

    /// <inheritdoc/>
    public void TasksChanged(IReadOnlyList<TaskRecord> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        lock (_lock)
        {
            foreach (var task in tasks)
            {
                var known = _tasks.GetValueOrDefault(task.Id) ?? new TaskProgress(task.Id, task.FullName, task.IsGroup);
                var now = clock.GetCurrentInstant();
                var progress = known with
                {
                    State = task.State,
                    StartedAt = known.StartedAt ?? (task.State == TaskState.Running ? now : null),
                };
                progress = progress.IsDone ? progress with { EndedAt = known.EndedAt ?? now } : progress with { EndedAt = null };
                Count(known, progress, isNew: !_tasks.ContainsKey(task.Id));
                _tasks[task.Id] = progress;
                Changed?.Invoke(progress, task);
            }
        }
    }

    /// <inheritdoc/>
    public void TaskSkipped(TaskRecord task)
    {
        ArgumentNullException.ThrowIfNull(task);
        lock (_lock)
        {
            _tasks[task.Id] = (_tasks.GetValueOrDefault(task.Id) ?? new TaskProgress(task.Id, task.FullName, task.IsGroup)) with { IsSkipped = true };
        }
    }

    private void Count(TaskProgress before, TaskProgress after, bool isNew)
    {
        _failed |= after.State is TaskState.Error or TaskState.GroupError;
        if (after.IsGroup)
        {
            return;
        }

        _all += isNew ? 1 : 0;
        _done += (after.IsDone ? 1 : 0) - (before.IsDone ? 1 : 0);
        if (after.State is TaskState.Running or TaskState.RetryWaiting)
        {
            _running[after.Id] = after;
        }
        else
        {
            _running.Remove(after.Id);
        }
    }
}

/// <summary>What goes on in a run at a moment.</summary>
/// <param name="Running">The tasks whose operators run or wait for their next call, ascending by id.</param>
/// <param name="Done">How many tasks with an operator have ended.</param>
/// <param name="All">How many there are so far.</param>
/// <param name="HasFailed">Whether any task failed.</param>
internal sealed record RunMoment(IReadOnlyList<TaskProgress> Running, int Done, int All, bool HasFailed);
