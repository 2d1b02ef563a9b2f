using Microsoft.AspNetCore.Http;
using NodaTime.Text;
using WfRunner.Core.Sessions;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Http;

/// <summary>Finds what a request names, or answers 404 with Digdag's words (rest-api 4).</summary>
internal static class Lookups
{
    /// <summary>A living project by id.</summary>
    public static async Task<StoredProject> ProjectAsync(this IStore store, ApiRequest request)
    {
        var id = new ProjectId(request.PathId());
        var project = await store.Projects.FindAsync(request.SiteId, id, request.Cancellation).ConfigureAwait(false)
            ?? throw NotFound($"project id={id}");
        return project.DeletedAt is { } deleted
            ? throw new ApiException(
                StatusCodes.Status404NotFound, $"Project id={id} is already deleted at {InstantPattern.ExtendedIso.Format(deleted)}")
            : project;
    }

    public static async Task<StoredProject> ProjectAsync(this IStore store, ApiRequest request, string name) =>
        await store.Projects.FindAsync(request.SiteId, name, request.Cancellation).ConfigureAwait(false)
        ?? throw NotFound($"project name={name}");

    /// <summary>The revision that the query names, else the latest.</summary>
    public static async Task<StoredRevision> RevisionAsync(this IStore store, ApiRequest request, StoredProject project)
    {
        if (request.Query(Parameters.Revision) is not { Length: > 0 } name)
        {
            return project.LatestRevision;
        }

        return await store.Projects.FindRevisionAsync(project.Id, name, request.Cancellation).ConfigureAwait(false)
            ?? throw NotFound($"revision name={name} in project id={project.Id}");
    }

    /// <summary>A workflow by name in the revision that the query names, else in the latest.</summary>
    public static async Task<StoredWorkflow> WorkflowAsync(this IStore store, ApiRequest request, StoredProject project, string name)
    {
        var revision = await store.RevisionAsync(request, project).ConfigureAwait(false);
        return await store.WorkflowAsync(request, revision, name).ConfigureAwait(false);
    }

    /// <summary>A workflow by name in a revision.</summary>
    public static async Task<StoredWorkflow> WorkflowAsync(this IStore store, ApiRequest request, StoredRevision revision, string name)
    {
        var found = await store.Projects.ListWorkflowsAsync(revision.Id, name, request.Cancellation).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : throw NotFound($"workflow name={name} in revision id={revision.Id}");
    }

    public static async Task<StoredWorkflow> WorkflowAsync(this IStore store, ApiRequest request, WorkflowId id) =>
        await store.Projects.FindWorkflowAsync(request.SiteId, id, request.Cancellation).ConfigureAwait(false)
        ?? throw NotFound($"workflow id={id}");

    public static async Task<StoredAttempt> AttemptAsync(this IStore store, ApiRequest request)
    {
        var id = new AttemptId(request.PathId());
        return await store.Attempts.FindAsync(request.SiteId, id, request.Cancellation).ConfigureAwait(false)
            ?? throw NotFound($"session attempt id={id}");
    }

    public static async Task<StoredSession> SessionAsync(this IStore store, ApiRequest request)
    {
        var id = new SessionId(request.PathId());
        return await store.Attempts.FindSessionAsync(request.SiteId, id, request.Cancellation).ConfigureAwait(false)
            ?? throw NotFound($"session id={id}");
    }

    public static async Task<StoredSchedule> ScheduleAsync(this IStore store, ApiRequest request)
    {
        var id = new ScheduleId(request.PathId());
        return await store.Schedules.FindAsync(request.SiteId, id, request.Cancellation).ConfigureAwait(false)
            ?? throw NotFound($"schedule id={id}");
    }

    private static ApiException NotFound(string what) =>
        new(StatusCodes.Status404NotFound, "Resource does not exist: " + what);
}
