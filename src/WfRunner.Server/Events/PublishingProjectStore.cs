using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Events;

/// <summary>Publishes what happens to projects.</summary>
internal sealed class PublishingProjectStore(IProjectStore inner, EventHub hub) : IProjectStore
{
    public async Task<StoredProject> PushAsync(NewRevision revision, CancellationToken cancellationToken)
    {
        var project = await inner.PushAsync(revision, cancellationToken).ConfigureAwait(false);
        hub.Publish(new ProjectChanged(revision.SiteId, project.Id, project.LatestRevision.Name));
        return project;
    }

    public async Task<bool> DeleteAsync(int siteId, ProjectId id, Instant now, CancellationToken cancellationToken)
    {
        var lived = await inner.DeleteAsync(siteId, id, now, cancellationToken).ConfigureAwait(false);
        if (lived)
        {
            hub.Publish(new ProjectChanged(siteId, id, null));
        }

        return lived;
    }

    public Task<StoredProject?> FindAsync(int siteId, ProjectId id, CancellationToken cancellationToken) =>
        inner.FindAsync(siteId, id, cancellationToken);

    public Task<StoredProject?> FindAsync(int siteId, string name, CancellationToken cancellationToken) =>
        inner.FindAsync(siteId, name, cancellationToken);

    public Task<IReadOnlyList<StoredProject>> ListAsync(
        int siteId, ProjectId? lastId, int count, string namePattern, CancellationToken cancellationToken) =>
        inner.ListAsync(siteId, lastId, count, namePattern, cancellationToken);

    public Task<StoredRevision?> FindRevisionAsync(ProjectId project, string name, CancellationToken cancellationToken) =>
        inner.FindRevisionAsync(project, name, cancellationToken);

    public Task<IReadOnlyList<StoredRevision>> ListRevisionsAsync(
        ProjectId project, RevisionId? lastId, int count, CancellationToken cancellationToken) =>
        inner.ListRevisionsAsync(project, lastId, count, cancellationToken);

    public Task<byte[]?> ReadArchiveAsync(RevisionId revision, CancellationToken cancellationToken) =>
        inner.ReadArchiveAsync(revision, cancellationToken);

    public Task<StoredWorkflow?> FindWorkflowAsync(int siteId, WorkflowId id, CancellationToken cancellationToken) =>
        inner.FindWorkflowAsync(siteId, id, cancellationToken);

    public Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(RevisionId revision, string? name, CancellationToken cancellationToken) =>
        inner.ListWorkflowsAsync(revision, name, cancellationToken);

    public Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(int siteId, WorkflowQuery query, CancellationToken cancellationToken) =>
        inner.ListWorkflowsAsync(siteId, query, cancellationToken);
}
