using WfRunner.Core.Sessions;

namespace WfRunner.Server.Events;

/// <summary>A project got a revision, and its schedules with it, or was deleted.</summary>
/// <param name="SiteId">The tenant.</param>
/// <param name="Project">The project.</param>
/// <param name="Revision">Name of the new revision; null when the project was deleted.</param>
internal sealed record ProjectChanged(int SiteId, ProjectId Project, string? Revision) : ServerEvent(SiteId, Project);
