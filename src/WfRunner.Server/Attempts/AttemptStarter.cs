using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Runtime.Logging;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Pools;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Attempts;

/// <summary>A wish to execute a session.</summary>
internal sealed record StartRequest
{
    public required int SiteId { get; init; }

    public required StoredWorkflow Workflow { get; init; }

    public required Instant SessionTime { get; init; }

    public string? RetryAttemptName { get; init; }

    /// <summary>The name it gets when its session has an attempt already; null: then it is a conflict.</summary>
    public string? NameWhenRepeated { get; init; }

    public ConfigMap Params { get; init; } = ConfigMap.Empty;

    public ResumeRequest? Resume { get; init; }

    /// <summary>The session executed before, where the caller knows it.</summary>
    public Instant? LastExecutedSession { get; init; }

    /// <summary>Whether it waits while its pool is full.</summary>
    public QueueWish Queues { get; init; }

    /// <summary>What starts it by itself; null when somebody asks for it.</summary>
    public StartCause? Cause { get; init; }

    /// <summary>When it was meant to start, where something other than a request decides it.</summary>
    public Instant? CauseTime => Cause switch
    {
        StartCause.Schedule schedule => schedule.Move.From.RunTime,
        StartCause.Trigger trigger => trigger.Firing.At,
        _ => null,
    };
}

/// <summary>Starts attempts: compile, store everything in one transaction, hand over to the host. Digdag behaviour: engine 4.</summary>
internal sealed class AttemptStarter(
    IStore store, AttemptHost host, NodeIdentity node, AttemptLimits limits, ConfigMap defaults, IClock clock, LogOutput log)
{
    private const int MaximumNameLength = 255;

    /// <summary>Told of every attempt that a schedule started, and how long after its run time; null when nobody wants to know.</summary>
    public Action<StoredAttempt, Duration>? ScheduledStart { get; set; }

    /// <summary>Starts an attempt.</summary>
    /// <exception cref="WorkflowException">The request is wrong, or a limit is reached; nothing is stored.</exception>
    public async Task<StartOutcome> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var tasks = WorkflowCompiler.Compile(request.Workflow.Definition);
        var resumed = await ResumedAsync(request, cancellationToken).ConfigureAwait(false);
        var attempt = ToNewAttempt(request);
        attempt = attempt with { ResumedTasks = [.. resumed.Values.Select(t => t.Id).Order()], RunTime = request.CauseTime ?? attempt.Now };
        AttemptMachine? machine = null;
        var (asked, claim) = (host.Now, host.AcceptsAttempts ? node.Claim(attempt.Now) : null);
        var outcome = await store.Attempts.StartAsync(attempt, Plan, claim, request.Cause, cancellationToken).ConfigureAwait(false);
        if (outcome is StartOutcome.Started started)
        {
            var (beginning, end) = started.Attempt.IsQueued ? ("Queueing", " until its pool has room for it") : ("Starting", string.Empty);
            log.WriteMain(
                TaskLogLevel.Info,
                $"{beginning} a new session project id={request.Workflow.ProjectId} workflow name={request.Workflow.Definition.Name} "
                + $"session_time={SessionParameters.Format(started.Attempt.SessionTime, request.Workflow.Definition.TimeZone)}{end}");
            if (request.Cause is StartCause.Schedule)
            {
                ScheduledStart?.Invoke(started.Attempt, attempt.Now - request.CauseTime!.Value);
            }

            if (started.Lease is { } lease)
            {
                host.Run(started.Attempt, lease, asked, machine!);
            }
            else if (started.Attempt.IsQueued)
            {
                host.Wake();
            }
        }

        return outcome;

        IEnumerable<TaskRecord> Plan(StoredAttempt stored, Func<TaskId> nextTaskId)
        {
            machine = AttemptMachine.Create(stored.ToInfo(defaults), tasks, limits.Tasks, nextTaskId, attempt.Now, resumed);
            return machine.Tasks;
        }
    }

    /// <summary>Announces attempts that run one after another.</summary>
    /// <exception cref="WorkflowException">One of them exists, or a limit is reached; nothing is stored.</exception>
    public async Task<IReadOnlyList<StoredAttempt>> AnnounceAsync(IEnumerable<StartRequest> requests, CancellationToken cancellationToken)
    {
        var announced = await store.Attempts.AnnounceAsync([.. requests.Select(ToNewAttempt)], cancellationToken).ConfigureAwait(false);
        host.Wake();
        return announced;
    }

    private NewAttempt ToNewAttempt(StartRequest request)
    {
        CheckName(request.RetryAttemptName);
        return new NewAttempt
        {
            SiteId = request.SiteId,
            Workflow = request.Workflow,
            SessionTime = Instant.FromUnixTimeSeconds(request.SessionTime.ToUnixTimeSeconds()),
            RetryAttemptName = request.RetryAttemptName,
            NameWhenRepeated = request.NameWhenRepeated,
            Params = SessionParameters.Add(
                request.Params, request.Workflow.Definition, Instant.FromUnixTimeSeconds(request.SessionTime.ToUnixTimeSeconds()), request.LastExecutedSession),
            MaximumRunning = limits.Running,
            MaximumQueued = limits.QueueOf(request.Queues),
            Invocation = request.Cause is StartCause.Schedule ? Invocation.Scheduled : Invocation.OnDemand,
            Now = clock.GetCurrentInstant(),
        };
    }

    private static void CheckName(string? name)
    {
        var problem = name switch
        {
            null => null,
            "" => "must not be blank",
            { Length: > MaximumNameLength } => $"must not be longer than {MaximumNameLength} characters",
            _ => null,
        };
        if (problem is not null)
        {
            throw new WorkflowException(
                FailureKind.ModelValidation, $"Validating attempt request failed\nretry attempt name {problem}: \"{name}\"");
        }
    }

    private async Task<Dictionary<string, TaskRecord>> ResumedAsync(StartRequest request, CancellationToken cancellationToken)
    {
        if (request.Resume is not { } resume)
        {
            return [];
        }

        _ = await store.Attempts.FindAsync(request.SiteId, resume.Attempt, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: session attempt id={resume.Attempt}");
        var tasks = await store.Attempts.ListTasksAsync(resume.Attempt, cancellationToken).ConfigureAwait(false);
        return ResumedTasks.ByName(ResumePlan.Choose(tasks, resume));
    }
}
