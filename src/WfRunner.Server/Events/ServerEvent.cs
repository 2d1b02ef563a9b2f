using WfRunner.Core.Sessions;

namespace WfRunner.Server.Events;

/// <summary>Something that changed and that clients want to see at once. It holds values only, so it can come from another node as well.</summary>
/// <param name="SiteId">The tenant; nobody else hears of it.</param>
/// <param name="Project">The project it belongs to.</param>
internal abstract record ServerEvent(int SiteId, ProjectId Project)
{
    /// <summary>The attempt it belongs to; null when it belongs to none.</summary>
    public virtual AttemptId? Attempt => null;
}
