using WfRunner.Core.Sessions;

namespace WfRunner.Server.Events;

/// <summary>Which events somebody wants.</summary>
/// <param name="SiteId">The tenant.</param>
/// <param name="Project">Only of this project; null for all.</param>
/// <param name="Attempt">Only of this attempt; null for all.</param>
internal sealed record EventFilter(int SiteId, ProjectId? Project = null, AttemptId? Attempt = null)
{
    public bool Wants(ServerEvent change) =>
        change.SiteId == SiteId && (Project is null || change.Project == Project) && (Attempt is null || change.Attempt == Attempt);
}
