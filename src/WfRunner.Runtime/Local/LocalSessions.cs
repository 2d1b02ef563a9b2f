using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Runtime.Local;

/// <summary>
/// The attempts of one local run: the one that was asked for, and those that its tasks require. Required ones keep no status
/// files; they run again with the next run whose <c>require&gt;</c> is not resumed.
/// </summary>
public sealed class LocalSessions : IWorkflowStarter, IAsyncDisposable
{
    private static readonly AttemptId Asked = new(1);

    private readonly IReadOnlyList<WorkflowDefinition> _workflows;
    private readonly IClock _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Workflow, Instant Session, string? Retry), Entry> _attempts = [];
    private readonly Dictionary<(string Workflow, Instant Session), (SessionId Id, Guid Uuid)> _sessions = [];
    private readonly CancellationTokenSource _end = new();
    private Func<WorkflowDefinition, AttemptInfo, CancellationToken, Task<IReadOnlyList<TaskRecord>>>? _run;
    private long _lastTaskId;

    /// <summary>Sets up.</summary>
    /// <param name="workflows">All workflows of the project.</param>
    /// <param name="clock">The clock.</param>
    public LocalSessions(IReadOnlyList<WorkflowDefinition> workflows, IClock clock)
    {
        _workflows = workflows;
        _clock = clock;
    }

    /// <inheritdoc/>
    public Task<RequiredAttempt> StartAsync(WorkflowWish wish, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var isOwnProject = (wish.ProjectId is null || wish.ProjectId == wish.By.ProjectId)
            && (wish.ProjectName is null || wish.ProjectName == wish.By.ProjectName);
        var definition = _workflows.FirstOrDefault(w => isOwnProject && w.Name == wish.WorkflowName)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: workflow '{wish.WorkflowName}'");
        lock (_lock)
        {
            var key = (definition.Name, wish.SessionTime, wish.RetryAttemptName);
            var isNew = !_attempts.TryGetValue(key, out var entry);
            if (isNew)
            {
                entry = Add(definition, wish.SessionTime, wish.RetryAttemptName, ScheduleTimes.Add(wish.Params, definition, wish.SessionTime));
                var attempt = entry.Attempt;
                entry.Run = Task.Run(() => _run!(definition, attempt, _end.Token), CancellationToken.None);
            }

            var isDone = entry!.Run.IsCompleted;
            return Task.FromResult(new RequiredAttempt(
                entry.Attempt.SessionId,
                entry.Attempt.AttemptId,
                isNew,
                isDone,
                isDone && entry.Run.IsCompletedSuccessfully && entry.Run.Result[0].State == TaskState.Success));
        }
    }

    /// <summary>The attempt that the user asked for.</summary>
    /// <param name="definition">Its workflow.</param>
    /// <param name="sessionTime">Its session.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="run">Runs a required attempt to its end.</param>
    /// <returns>The attempt.</returns>
    internal AttemptInfo Begin(
        WorkflowDefinition definition,
        Instant sessionTime,
        ConfigMap parameters,
        Func<WorkflowDefinition, AttemptInfo, CancellationToken, Task<IReadOnlyList<TaskRecord>>> run)
    {
        _run = run;
        lock (_lock)
        {
            // It is not done before the run is over, and then nobody asks any more.
            var entry = Add(definition, sessionTime, null, parameters);
            entry.Run = new TaskCompletionSource<IReadOnlyList<TaskRecord>>().Task;
            return entry.Attempt;
        }
    }

    /// <summary>The next id of a task; no two tasks of a run share one.</summary>
    internal TaskId NextTaskId() => new(Interlocked.Increment(ref _lastTaskId));

    /// <summary>Ends required attempts that still run, when the one that was asked for is over.</summary>
    /// <returns>A task that ends when they have ended.</returns>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        List<Task> required;
        lock (_lock)
        {
            required = [.. _attempts.Values.Where(e => e.Attempt.AttemptId != Asked).Select(e => e.Run)];
        }

        await Task.WhenAll(required).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private Entry Add(WorkflowDefinition definition, Instant sessionTime, string? retryName, ConfigMap parameters)
    {
        if (!_sessions.TryGetValue((definition.Name, sessionTime), out var session))
        {
            session = (new SessionId(_sessions.Count + 1), Guid.NewGuid());
            _sessions.Add((definition.Name, sessionTime), session);
        }

        var now = _clock.GetCurrentInstant();
        var entry = new Entry(new AttemptInfo
        {
            ProjectId = new ProjectId(1),
            ProjectName = "default",
            WorkflowName = definition.Name,
            SessionId = session.Id,
            SessionUuid = session.Uuid,
            SessionTime = sessionTime,
            TimeZone = definition.TimeZone,
            AttemptId = new AttemptId(_attempts.Count + 1),
            RetryAttemptName = retryName,
            CreatedAt = now,
            RunTime = now,
            Params = parameters,
        });
        _attempts.Add((definition.Name, sessionTime, retryName), entry);
        return entry;
    }

    private sealed class Entry(AttemptInfo attempt)
    {
        public AttemptInfo Attempt => attempt;

        public Task<IReadOnlyList<TaskRecord>> Run { get; set; } = null!;
    }
}
