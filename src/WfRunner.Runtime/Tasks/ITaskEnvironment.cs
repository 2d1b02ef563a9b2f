using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Secrets;
using WfRunner.Core.Sessions;

namespace WfRunner.Runtime.Tasks;

/// <summary>What differs between running a task locally and on a server: where its files are, where its log goes, whose secrets it sees.</summary>
public interface ITaskEnvironment
{
    /// <summary>System configuration.</summary>
    IReadOnlyDictionary<string, string> SystemConfig { get; }

    /// <summary>The most tasks an attempt may have.</summary>
    int MaximumTasks { get; }

    /// <summary>Starts workflows that tasks require.</summary>
    IWorkflowStarter Workflows { get; }

    /// <summary>Secrets that tasks of an attempt may read, before <c>_secrets</c> remapping.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>The secrets.</returns>
    ISecretProvider SecretsOf(AttemptInfo attempt);

    /// <summary>Opens the log of a task for one call of its operator.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="task">The task.</param>
    /// <returns>The log; disposed when the call has ended.</returns>
    ITaskOutput OpenOutput(AttemptInfo attempt, TaskRecord task);

    /// <summary>Makes the project's files and secrets available to a task.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="task">The task.</param>
    /// <param name="usesProject">Whether the task reads any; otherwise the folder may be empty and need not be the task's own.</param>
    /// <param name="cancellationToken">Ends the preparation.</param>
    /// <returns>The folder; disposed when the call has ended.</returns>
    Task<ITaskWorkspace> OpenWorkspaceAsync(AttemptInfo attempt, TaskRecord task, bool usesProject, CancellationToken cancellationToken);

    /// <summary>
    /// The result of a task that need not run, because an earlier run finished it or because it was not asked for. Only local
    /// runs have such tasks.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <returns>The result to use, or null when the task must run.</returns>
    TaskResult? ResultOfSkipped(TaskRecord task);
}

/// <summary>The log and the output of one task. Its disposal ends both, and waits until whoever asks finds them.</summary>
public interface ITaskOutput : IAsyncDisposable
{
    /// <summary>The log.</summary>
    ITaskLog Log { get; }

    /// <summary>What scripts and <c>echo&gt;</c> write to.</summary>
    Stream Output { get; }
}

/// <summary>The folder a task works in.</summary>
public interface ITaskWorkspace : IAsyncDisposable
{
    /// <summary>Absolute path of the project's files.</summary>
    string ProjectDirectory { get; }
}
