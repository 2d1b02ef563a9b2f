using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Events;

/// <summary>An attempt began, is asked to stop, or ended; its session changed with it.</summary>
internal sealed record AttemptChanged(int SiteId, ProjectId Project, AttemptId Id, SessionId Session) : ServerEvent(SiteId, Project)
{
    public override AttemptId? Attempt => Id;

    public required string WorkflowName { get; init; }

    public required Instant SessionTime { get; init; }

    public required DateTimeZone TimeZone { get; init; }

    public required bool IsDone { get; init; }

    public required bool IsSuccess { get; init; }

    public required bool IsCancelRequested { get; init; }

    public bool IsQueued { get; init; }

    public required Instant CreatedAt { get; init; }

    public Instant? FinishedAt { get; init; }

    /// <summary>The state as users name it.</summary>
    public string Status => (IsDone, IsSuccess, IsCancelRequested) switch
    {
        (true, true, _) => "success",
        (true, false, true) => "canceled",
        (true, false, false) => "error",
        (false, _, true) => "canceling",
        _ when IsQueued => "queued",
        _ => "running",
    };

    public static AttemptChanged Of(StoredAttempt attempt) => new(attempt.SiteId, attempt.ProjectId, attempt.Id, attempt.SessionId)
    {
        WorkflowName = attempt.WorkflowName,
        SessionTime = attempt.SessionTime,
        TimeZone = attempt.TimeZone,
        IsDone = attempt.IsDone,
        IsSuccess = attempt.IsSuccess,
        IsCancelRequested = attempt.IsCancelRequested,
        IsQueued = attempt.IsQueued,
        CreatedAt = attempt.CreatedAt,
        FinishedAt = attempt.FinishedAt,
    };
}
