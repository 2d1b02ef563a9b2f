using NodaTime;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Schedules;

/// <summary>The schedule of a workflow of a project's latest revision.</summary>
public sealed record StoredSchedule
{
    /// <summary>The schedule; kept over revisions as long as the workflow's name stays.</summary>
    public required ScheduleId Id { get; init; }

    /// <summary>The tenant.</summary>
    public required int SiteId { get; init; }

    /// <summary>The project.</summary>
    public required ProjectId ProjectId { get; init; }

    /// <summary>The project's name.</summary>
    public required string ProjectName { get; init; }

    /// <summary>The workflow in the latest revision.</summary>
    public required WorkflowId WorkflowId { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>The workflow's time zone.</summary>
    public required DateTimeZone TimeZone { get; init; }

    /// <summary>The session that starts next, and when.</summary>
    public required ScheduleTime Next { get; init; }

    /// <summary>The session that the schedule executed last; null before the first.</summary>
    public Instant? LastSessionTime { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it changed last.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <summary>When it was disabled; null while it is enabled.</summary>
    public Instant? DisabledAt { get; init; }
}
