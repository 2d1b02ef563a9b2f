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
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Attempts;

/// <summary>A wish to execute a session.</summary>
internal sealed record StartRequest
{
    public required int SiteId { get; init; }

    public required StoredWorkflow Workflow { get; init; }

    public required Instant SessionTime { get; init; }

    public string? RetryAttemptName { get; init; }

    public ConfigMap Params { get; init; } = ConfigMap.Empty;

    public ResumeRequest? Resume { get; init; }

    /// <summary>The session executed before, where the caller knows it.</summary>
    public Instant? LastExecutedSession { get; init; }

    /// <summary>The move of the schedule that causes it.</summary>
    public ScheduleMove? Advance { get; init; }
}

/// <summary>Starts attempts: compile, store everything in one transaction, hand over to the host. Digdag behaviour: engine 4.</summary>
internal sealed class AttemptStarter(
    IStore store, AttemptHost host, NodeIdentity node, int maximumAttempts, int maximumTasks, ConfigMap defaults, IClock clock, LogOutput log)
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
        var attempt = ToNewAttempt(request) with { ResumedTasks = [.. resumed.Values.Select(t => t.Id).Order()] };
        AttemptMachine? machine = null;
        var (asked, claim) = (host.Now, host.AcceptsAttempts ? node.Claim(attempt.Now) : null);
        var outcome = await store.Attempts.StartAsync(attempt, Plan, claim, request.Advance, cancellationToken).ConfigureAwait(false);
        if (outcome is StartOutcome.Started started)
        {
            log.WriteMain(
                TaskLogLevel.Info,
                $"Starting a new session project id={request.Workflow.ProjectId} workflow name={request.Workflow.Definition.Name} "
                + $"session_time={SessionParameters.Format(started.Attempt.SessionTime, request.Workflow.Definition.TimeZone)}");
            if (request.Advance is { } scheduled)
            {
                ScheduledStart?.Invoke(started.Attempt, attempt.Now - scheduled.From.RunTime);
            }

            if (started.Lease is { } lease)
            {
                host.Run(started.Attempt, lease, asked, machine!);
            }
        }

        return outcome;

        IEnumerable<TaskRecord> Plan(StoredAttempt stored, Func<TaskId> nextTaskId)
        {
            machine = AttemptMachine.Create(
                stored.ToInfo(defaults) with { RunTime = request.Advance?.From.RunTime ?? attempt.Now }, tasks, maximumTasks, nextTaskId, attempt.Now, resumed);
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
            Params = SessionParameters.Add(
                request.Params, request.Workflow.Definition, Instant.FromUnixTimeSeconds(request.SessionTime.ToUnixTimeSeconds()), request.LastExecutedSession),
            MaximumRunning = maximumAttempts,
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
