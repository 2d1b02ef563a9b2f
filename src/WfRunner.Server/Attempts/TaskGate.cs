using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Server.Attempts;

/// <summary>
/// Stands before the task runner and closes when the server stops: tasks that run go on until their outcome is saved, tasks handed
/// out later wait for the end of the process. They are stored as running, so the next start runs them (engine 25).
/// </summary>
internal sealed class TaskGate(ITaskRunner inner, LogOutput log) : ITaskRunner
{
    private readonly Lock _lock = new();
    private readonly HashSet<TaskId> _running = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    public async Task<AttemptEvent> RunAsync(
        AttemptInfo attempt, TaskRecord task, ConfigMap parameters, CancellationToken cancellationToken)
    {
        if (!TryEnter(task.Id))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new AttemptEvent.TimePassed(task.UpdatedAt);
        }

        return await inner.RunAsync(attempt, task, parameters, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Told what was saved; an outcome that is saved needs no more waiting.</summary>
    public void Saved(IReadOnlyList<TaskRecord> tasks)
    {
        lock (_lock)
        {
            foreach (var task in tasks)
            {
                if (task.State != TaskState.Running)
                {
                    _running.Remove(task.Id);
                }
            }

            if (_closed && _running.Count == 0)
            {
                _drained.TrySetResult();
            }
        }
    }

    /// <summary>Told that an attempt is run by this node no more; its tasks are not waited for.</summary>
    public void Forget(IEnumerable<TaskRecord> tasks)
    {
        lock (_lock)
        {
            _running.ExceptWith(tasks.Select(t => t.Id));
            if (_closed && _running.Count == 0)
            {
                _drained.TrySetResult();
            }
        }
    }

    /// <summary>Closes the gate.</summary>
    /// <returns>A task that ends when every running task has ended and its outcome is saved.</returns>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (_running.Count == 0)
            {
                _drained.TrySetResult();
            }
            else
            {
                log.WriteMain(
                    TaskLogLevel.Info,
                    string.Create(CultureInfo.InvariantCulture, $"Waiting for completion of {_running.Count} running tasks..."));
            }
        }

        return _drained.Task;
    }

    private bool TryEnter(TaskId id)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _running.Add(id);
            return true;
        }
    }
}
