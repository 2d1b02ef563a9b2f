using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Secrets;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Attempts;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Runtime.Local;

/// <summary>Tasks of a local run work in the project's folder itself, speak on standard output, and may be resumed from status files.</summary>
public sealed class LocalTaskEnvironment : ITaskEnvironment
{
    private readonly LogOutput _log;
    private readonly Stream _output;
    private readonly ISecretProvider _secrets;
    private readonly TaskSelection _selection;
    private readonly IReadOnlyDictionary<string, TaskResult> _succeeded;
    private readonly string _projectDirectory;
    private readonly WorkerNumbers _workers = new();

    /// <summary>Sets the environment up.</summary>
    /// <param name="projectDirectory">Absolute path of the project.</param>
    /// <param name="log">The log.</param>
    /// <param name="output">Where tasks speak.</param>
    /// <param name="systemConfig">System configuration.</param>
    /// <param name="secrets">Local secrets.</param>
    /// <param name="selection">Which tasks run or are resumed.</param>
    /// <param name="succeeded">Results of an earlier run of the session, by full name; empty when none may be used.</param>
    public LocalTaskEnvironment(
        string projectDirectory,
        LogOutput log,
        Stream output,
        IReadOnlyDictionary<string, string> systemConfig,
        ISecretProvider secrets,
        TaskSelection selection,
        IReadOnlyDictionary<string, TaskResult> succeeded)
    {
        _projectDirectory = projectDirectory;
        _log = log;
        _output = output;
        SystemConfig = systemConfig;
        _secrets = secrets;
        _selection = selection;
        _succeeded = succeeded;
        MaximumTasks = TaskLimit.Of(systemConfig);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> SystemConfig { get; }

    /// <inheritdoc/>
    public int MaximumTasks { get; }

    /// <inheritdoc/>
    public required IWorkflowStarter Workflows { get; init; }

    /// <inheritdoc/>
    public ISecretProvider SecretsOf(AttemptInfo attempt) => _secrets;

    /// <inheritdoc/>
    public ITaskOutput OpenOutput(AttemptInfo attempt, TaskRecord task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new LocalOutput(this, attempt, task.FullName);
    }

    /// <inheritdoc/>
    public Task<ITaskWorkspace> OpenWorkspaceAsync(AttemptInfo attempt, TaskRecord task, bool usesProject, CancellationToken cancellationToken) =>
        Task.FromResult<ITaskWorkspace>(new LocalWorkspace(_projectDirectory));

    /// <summary>Where the logs of tasks go besides; null for nowhere (<c>--task-log</c>).</summary>
    public LocalTaskLogs? TaskLogs { get; init; }

    /// <summary>Told about tasks that are not run; null for nobody.</summary>
    public IAttemptObserver? Observer { get; init; }

    /// <summary>Where a single task speaks, by its full name; null for all of them on the one output.</summary>
    public Func<string, Stream>? OutputOf { get; init; }

    /// <summary>The same for attempts of which nothing is resumed and nothing left out.</summary>
    /// <returns>The environment.</returns>
    public LocalTaskEnvironment ForWholeAttempts() =>
        new(_projectDirectory, _log, _output, SystemConfig, _secrets, TaskSelection.Everything, new Dictionary<string, TaskResult>())
        {
            Workflows = Workflows,
            TaskLogs = TaskLogs,
            Observer = Observer,
            OutputOf = OutputOf,
        };

    /// <inheritdoc/>
    public TaskResult? ResultOfSkipped(TaskRecord task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var result = !_selection.IsToRun(task.FullName) ? TaskResult.Empty
            : _selection.IsResumable(task.FullName) ? _succeeded.GetValueOrDefault(task.FullName)
            : null;
        if (result is not null)
        {
            Observer?.TaskSkipped(task);
        }

        return result;
    }

    private sealed class LocalOutput : ITaskOutput
    {
        private readonly LocalTaskEnvironment _environment;
        private readonly int _worker;
        private readonly TaskLogFile? _file;
        private readonly Stream? _own;

        public LocalOutput(LocalTaskEnvironment environment, AttemptInfo attempt, string taskName)
        {
            _environment = environment;
            _worker = environment._workers.Take();
            var thread = $"{WorkerNumbers.Text(_worker)}@{taskName}";
            _file = environment.TaskLogs?.Store.Open(attempt, taskName);
            Log = _file is null
                ? environment._log.ForThread(thread)
                : new TaskLogLines(_file, thread, environment._log, environment.TaskLogs!.Clock, environment.TaskLogs.Zone);
            _own = environment.OutputOf?.Invoke(taskName);
            var output = _own ?? environment._output;
            Output = _file is null ? output : new DoubledOutput(output, _file);
        }

        public ITaskLog Log { get; }

        public Stream Output { get; }

        public ValueTask DisposeAsync()
        {
            _own?.Dispose();
            _file?.Dispose();
            _environment._workers.Release(_worker);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class LocalWorkspace(string projectDirectory) : ITaskWorkspace
    {
        public string ProjectDirectory => projectDirectory;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
