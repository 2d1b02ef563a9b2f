using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;

namespace WfRunner.Server.Events;

/// <summary>A task came to be or changed its state.</summary>
internal sealed record TaskChanged(int SiteId, ProjectId Project, AttemptId AttemptId, SessionId Session) : ServerEvent(SiteId, Project)
{
    public override AttemptId? Attempt => AttemptId;

    public required TaskId Id { get; init; }

    public required string FullName { get; init; }

    public TaskId? ParentId { get; init; }

    public required TaskState State { get; init; }

    public required bool IsGroup { get; init; }

    public required Instant UpdatedAt { get; init; }

    public Instant? StartedAt { get; init; }

    public static TaskChanged Of(AttemptChanged attempt, TaskRecord task) => new(attempt.SiteId, attempt.Project, attempt.Id, attempt.Session)
    {
        Id = task.Id,
        FullName = task.FullName,
        ParentId = task.ParentId,
        State = task.State,
        IsGroup = task.IsGroup,
        UpdatedAt = task.UpdatedAt,
        StartedAt = task.StartedAt,
    };
}
