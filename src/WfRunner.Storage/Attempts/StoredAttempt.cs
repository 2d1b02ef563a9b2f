using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Attempts;

/// <summary>One execution of a session.</summary>
public sealed record StoredAttempt
{
    /// <summary>The attempt.</summary>
    public required AttemptId Id { get; init; }

    /// <summary>The tenant.</summary>
    public required int SiteId { get; init; }

    /// <summary>The session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>Random identity of the session.</summary>
    public required Guid SessionUuid { get; init; }

    /// <summary>The session time, in whole seconds.</summary>
    public required Instant SessionTime { get; init; }

    /// <summary>The project.</summary>
    public required ProjectId ProjectId { get; init; }

    /// <summary>The project's name.</summary>
    public required string ProjectName { get; init; }

    /// <summary>Name of the workflow.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>The workflow it was started from.</summary>
    public required WorkflowId WorkflowId { get; init; }

    /// <summary>Name of that workflow's revision.</summary>
    public required string RevisionName { get; init; }

    /// <summary>Time zone of the workflow when it was started.</summary>
    public required DateTimeZone TimeZone { get; init; }

    /// <summary>1 for the first attempt of the session, then 2 and so on.</summary>
    public required int Index { get; init; }

    /// <summary>Name of a retry; null for the unnamed attempt.</summary>
    public string? RetryAttemptName { get; init; }

    /// <summary>Parameters of the attempt.</summary>
    public required ConfigMap Params { get; init; }

    /// <summary>The pool it counts in; null where only the default pool was there when it was created.</summary>
    public PoolId? Pool { get; init; }

    /// <summary>Whether it waits until its pool has room for it.</summary>
    public bool IsQueued { get; init; }

    /// <summary>From when on its <c>sla:</c> counts; null: it has none.</summary>
    public Instant? RunTime { get; init; }

    /// <summary>Whether somebody asked it to stop.</summary>
    public bool IsCancelRequested { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool IsDone { get; init; }

    /// <summary>Whether it ended with success.</summary>
    public bool IsSuccess { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public Instant? FinishedAt { get; init; }

    /// <summary>Tasks of an earlier attempt that count as done here (engine 15.1).</summary>
    public IReadOnlyList<TaskId> ResumedTasks { get; init; } = [];

    /// <summary>The attempt as the engine knows it.</summary>
    /// <param name="defaults">Parameters below those of the attempt: the server's.</param>
    /// <returns>The value that drives a run.</returns>
    public AttemptInfo ToInfo(ConfigMap defaults)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        return new AttemptInfo
        {
            SiteId = SiteId,
            ProjectId = ProjectId,
            ProjectName = ProjectName,
            WorkflowName = WorkflowName,
            Revision = RevisionName,
            SessionId = SessionId,
            SessionUuid = SessionUuid,
            SessionTime = SessionTime,
            TimeZone = TimeZone,
            AttemptId = Id,
            RetryAttemptName = RetryAttemptName,
            CreatedAt = CreatedAt,
            Params = defaults.Merge(Params),
            RunTime = RunTime,
        };
    }
}
