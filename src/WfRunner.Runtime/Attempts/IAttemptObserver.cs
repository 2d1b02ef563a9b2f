using WfRunner.Core.Engine;

namespace WfRunner.Runtime.Attempts;

/// <summary>Watches attempts run, for showing them; whatever it does changes nothing. Called by several threads.</summary>
public interface IAttemptObserver
{
    /// <summary>Tasks are new or changed, and that is saved.</summary>
    /// <param name="tasks">The tasks as they are now.</param>
    void TasksChanged(IReadOnlyList<TaskRecord> tasks);

    /// <summary>A task is not run: an earlier run's result stands for it, or it was not asked for.</summary>
    /// <param name="task">The task.</param>
    void TaskSkipped(TaskRecord task);
}
