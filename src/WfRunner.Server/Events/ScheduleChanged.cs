using WfRunner.Core.Sessions;

namespace WfRunner.Server.Events;

/// <summary>A schedule moved on, was disabled or enabled.</summary>
internal sealed record ScheduleChanged(int SiteId, ProjectId Project, ScheduleId Schedule) : ServerEvent(SiteId, Project);
