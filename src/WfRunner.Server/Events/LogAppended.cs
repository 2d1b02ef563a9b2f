using WfRunner.Core.Sessions;

namespace WfRunner.Server.Events;

/// <summary>A task's log grew, and what was added can be read.</summary>
/// <param name="SiteId">The tenant.</param>
/// <param name="Project">The project.</param>
/// <param name="AttemptId">The attempt.</param>
/// <param name="TaskName">Full name of the task.</param>
/// <param name="Bytes">How many bytes were added, before compression.</param>
internal sealed record LogAppended(int SiteId, ProjectId Project, AttemptId AttemptId, string TaskName, long Bytes) : ServerEvent(SiteId, Project)
{
    public override AttemptId? Attempt => AttemptId;
}
