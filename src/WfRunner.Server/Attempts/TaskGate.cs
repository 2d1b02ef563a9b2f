using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Server.Attempts;

/// <summary>
/// Stands before the task runner of one attempt. Lets a task begin only under a lease that is sure to be held, and closes when the
/// server stops: tasks that run go on until their outcome is saved, tasks handed out later wait for the end of the run. They are stored
/// as running, so whoever goes on with the attempt runs them (engine 25).
/// </summary>
internal sealed class TaskGate(ITaskRunner inner, HeldLease lease, Action doubt) : ITaskRunner
{
    private readonly Lock _lock = new();
    private readonly HashSet<TaskId> _running = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    /// <summary>How many tasks run whose outcome is not saved.</summary>
    public int RunningCount
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    public async Task<AttemptEvent> RunAsync(
        AttemptInfo attempt, TaskRecord task, ConfigMap parameters, CancellationToken cancellationToken)
    {
        if (lease.TrustLeft <= NodaTime.Duration.Zero)
        {
            await lease.TrustAsync(doubt, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (lease.Lost.IsCancellationRequested || !TryEnter(task.Id))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new AttemptEvent.TimePassed(task.UpdatedAt);
        }

        return await inner.RunAsync(attempt, task, parameters, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Told what was saved; an outcome that is saved needs no more waiting. A task that polled without a pause is running again by then.
    /// </summary>
    public void Saved(AttemptChanges changes)
    {
        lock (_lock)
        {
            foreach (var task in changes.Tasks.Where(t => t.State != TaskState.Running).Concat(changes.ToRun))
            {
                _running.Remove(task.Id);
            }

            DrainIfEmpty();
        }
    }

    /// <summary>Told that this node runs the attempt no more; its tasks are not waited for.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _running.Clear();
            _closed = true;
            DrainIfEmpty();
        }
    }

    /// <summary>Closes the gate.</summary>
    /// <returns>A task that ends when every running task has ended and its outcome is saved.</returns>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            DrainIfEmpty();
        }

        return _drained.Task;
    }

    private void DrainIfEmpty()
    {
        if (_closed && _running.Count == 0)
        {
            _drained.TrySetResult();
        }
    }

    private bool TryEnter(TaskId id)
    {
        lock (_lock)
        {
            return !_closed && _running.Add(id);
        }
    }
}
