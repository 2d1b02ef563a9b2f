using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;

namespace WfRunner.Storage.Projects;

/// <summary>A push: a revision to add to a project, which is created when its name is new.</summary>
public sealed record NewRevision
{
    /// <summary>The tenant.</summary>
    public required int SiteId { get; init; }

    /// <summary>Name of the project.</summary>
    public required string ProjectName { get; init; }

    /// <summary>Name of the revision.</summary>
    public required string Name { get; init; }

    /// <summary>The archive exactly as it was uploaded; kept in the database unless <see cref="ArchivePath"/> names another place.</summary>
    public required ReadOnlyMemory<byte> Archive { get; init; }

    /// <summary>The kind of place the archive is kept in: <c>db</c>, <c>local</c>, <c>s3</c> or <c>gcs</c>.</summary>
    public string ArchiveType { get; init; } = StoredRevision.DatabaseArchive;

    /// <summary>The key of the archive in its place; null in the database.</summary>
    public string? ArchivePath { get; init; }

    /// <summary>MD5 of the archive.</summary>
    public required ReadOnlyMemory<byte> ArchiveMd5 { get; init; }

    /// <summary>What the authenticator knows of whoever pushes.</summary>
    public ConfigMap UserInfo { get; init; } = ConfigMap.Empty;

    /// <summary>When it happens.</summary>
    public required Instant Now { get; init; }

    /// <summary>The workflows, in the order their ids are given out.</summary>
    public required IReadOnlyList<NewWorkflow> Workflows { get; init; }
}

/// <summary>A workflow of a push.</summary>
/// <param name="Definition">Name, zone and tasks.</param>
/// <param name="PlanSchedule">
/// The entry that its schedule goes on with, given the session time that the schedule executed last (null: none yet); pure, since
/// it is called inside the transaction. Null when the workflow has no schedule. Digdag behaviour: schedules 8.2.
/// </param>
/// <param name="ForgetsLastSession">Whether the schedule starts anew although it ran before.</param>
public sealed record NewWorkflow(
    WorkflowDefinition Definition, Func<Instant?, ScheduleTime>? PlanSchedule = null, bool ForgetsLastSession = false);
