using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Projects;

/// <summary>Projects, their revisions, archives and workflows.</summary>
public interface IProjectStore
{
    /// <summary>Adds a revision, its workflows and schedules; creates the project when its name is new.</summary>
    /// <param name="revision">The push.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The project with its new revision.</returns>
    /// <exception cref="WorkflowException">Kind conflict: the project has a revision of that name.</exception>
    Task<StoredProject> PushAsync(NewRevision revision, CancellationToken cancellationToken);

    /// <summary>Finds a project, living or deleted.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The project.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The project or null.</returns>
    Task<StoredProject?> FindAsync(int siteId, ProjectId id, CancellationToken cancellationToken);

    /// <summary>Finds a living project.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="name">Its exact name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The project or null.</returns>
    Task<StoredProject?> FindAsync(int siteId, string name, CancellationToken cancellationToken);

    /// <summary>Lists living projects, ids ascending.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="namePattern">Only names that hold this text; empty for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The projects.</returns>
    Task<IReadOnlyList<StoredProject>> ListAsync(
        int siteId, ProjectId? lastId, int count, string namePattern, CancellationToken cancellationToken);

    /// <summary>Deletes a project: its schedules go, its name becomes free, everything else stays readable by id.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The project.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it lived.</returns>
    Task<bool> DeleteAsync(int siteId, ProjectId id, Instant now, CancellationToken cancellationToken);

    /// <summary>Finds a revision.</summary>
    /// <param name="project">The project.</param>
    /// <param name="name">Its exact name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The revision or null.</returns>
    Task<StoredRevision?> FindRevisionAsync(ProjectId project, string name, CancellationToken cancellationToken);

    /// <summary>Lists revisions, newest first.</summary>
    /// <param name="project">The project.</param>
    /// <param name="lastId">Last id of the page before.</param>
    /// <param name="count">The most to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The revisions.</returns>
    Task<IReadOnlyList<StoredRevision>> ListRevisionsAsync(
        ProjectId project, RevisionId? lastId, int count, CancellationToken cancellationToken);

    /// <summary>Reads the archive of a revision from the database.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes as they were uploaded, or null when none is kept here.</returns>
    Task<byte[]?> ReadArchiveAsync(RevisionId revision, CancellationToken cancellationToken);

    /// <summary>Finds a workflow of any revision, also of deleted projects.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The workflow.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The workflow or null.</returns>
    Task<StoredWorkflow?> FindWorkflowAsync(int siteId, WorkflowId id, CancellationToken cancellationToken);

    /// <summary>Lists the workflows of a revision, ids ascending.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="name">Only the one of this name; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The workflows.</returns>
    Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(RevisionId revision, string? name, CancellationToken cancellationToken);

    /// <summary>Lists the workflows of the latest revisions of living projects.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The workflows.</returns>
    Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(int siteId, WorkflowQuery query, CancellationToken cancellationToken);
}
