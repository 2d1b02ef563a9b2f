using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;
using WfRunner.Core.Templates;
using WfRunner.Runtime.Attempts;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.Tasks;

namespace WfRunner.Runtime.Local;

/// <summary>
/// Runs one workflow here and now, without a server or a database. The life of a run: build the attempt, build its task graph,
/// drive it with an <see cref="AttemptRunner"/> whose journal is the status directory.
/// </summary>
public sealed class LocalRun
{
    /// <summary>What the run says and where it is kept.</summary>
    public required LogOutput Log { get; init; }

    /// <summary>Operators by name.</summary>
    public required OperatorRegistry Operators { get; init; }

    /// <summary>The clock.</summary>
    public required IClock Clock { get; init; }

    /// <summary>Files, secrets and skipped tasks.</summary>
    public required LocalTaskEnvironment Environment { get; init; }

    /// <summary>The attempts of the run.</summary>
    public required LocalSessions Sessions { get; init; }

    /// <summary>Where progress is kept.</summary>
    public required IAttemptJournal Journal { get; init; }

    /// <summary>How many tasks may run at once; 0 or less for no limit.</summary>
    public int MaximumParallelTasks { get; init; }

    /// <summary>Watches the run; null for nobody.</summary>
    public IAttemptObserver? Observer { get; init; }

    /// <summary>Whether operators are called, and whether parameters are shown.</summary>
    public TaskRunMode Mode { get; init; }

    /// <summary>Runs an attempt to its end.</summary>
    /// <param name="definition">The workflow.</param>
    /// <param name="tasks">Its tasks, or those of them that were asked for.</param>
    /// <param name="sessionTime">The session time.</param>
    /// <param name="parameters">Attempt parameters.</param>
    /// <param name="cancellationToken">Kills the attempt: running tasks end, nothing new starts.</param>
    /// <returns>All tasks as they ended, ascending by id.</returns>
    /// <exception cref="Core.WorkflowException">The attempt could not be started.</exception>
    public async Task<IReadOnlyList<TaskRecord>> RunAsync(
        WorkflowDefinition definition,
        IReadOnlyList<CompiledTask> tasks,
        Instant sessionTime,
        ConfigMap parameters,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        using var workers = new WorkerLimit(MaximumParallelTasks);
        var attempt = Sessions.Begin(definition, sessionTime, parameters, (d, a, c) => RunRequiredAsync(d, a, workers, c));
        try
        {
            return await RunAsync(attempt, tasks, workers, Environment, Journal, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await Sessions.DisposeAsync().ConfigureAwait(false);
            if (Journal is IAsyncDisposable journal)
            {
                await journal.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private Task<IReadOnlyList<TaskRecord>> RunRequiredAsync(
        WorkflowDefinition definition, AttemptInfo attempt, WorkerLimit workers, CancellationToken cancellationToken) => RunAsync(
            attempt,
            WorkflowCompiler.Compile(definition),
            workers,
            Environment.ForWholeAttempts(),
            new StatusJournal(null, TaskSelection.Everything),
            cancellationToken);

    private async Task<IReadOnlyList<TaskRecord>> RunAsync(
        AttemptInfo attempt,
        IReadOnlyList<CompiledTask> tasks,
        WorkerLimit workers,
        LocalTaskEnvironment environment,
        IAttemptJournal journal,
        CancellationToken cancellationToken)
    {
        var machine = AttemptMachine.Create(attempt, tasks, environment.MaximumTasks, Sessions.NextTaskId, attempt.CreatedAt);
        Log.WriteMain(
            TaskLogLevel.Info,
            $"Starting a new session project id=1 workflow name={attempt.WorkflowName} session_time={SessionTimeText.Iso(attempt.SessionTime, attempt.TimeZone)}");
        var runner = new TaskRunner(Operators, new TemplateEvaluator(), environment, Clock, workers, Mode);
        var kept = Observer is null ? journal : new ObservedJournal(journal, Observer);
        using var run = new AttemptRunner(machine, attempt, runner, kept, Clock, notice => Log.WriteMain(notice.Level, notice.Message));
        using var registration = cancellationToken.Register(run.RequestCancel);
        await run.RunAsync(CancellationToken.None).ConfigureAwait(false);
        return [.. machine.Tasks];
    }
}
