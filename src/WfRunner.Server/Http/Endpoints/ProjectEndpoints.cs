using System.Globalization;
using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Projects;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Projects. Digdag behaviour: rest-api 7.2, 7.3, 8.</summary>
internal static class ProjectEndpoints
{
    private const int PageSize = 100;

    private const string Tag = "projects";
    private const int NotFound = StatusCodes.Status404NotFound;

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var list = Get(
            "getProjects", "/api/projects", "Projects", ApiModels.Projects, Parameters.Name, Parameters.LastId, Parameters.Count, Parameters.NamePattern);
        routes.Add(list, r => ListAsync(r, parts));
        var push = new ApiOperation("putProject", HttpMethods.Put, "/api/projects", "Adds a revision; creates the project when its name is new")
        {
            Tag = Tag,
            Query =
            [
                Parameters.RequiredProject, Parameters.NewRevision, Parameters.ScheduleFrom, Parameters.ClearSchedule, Parameters.ClearScheduleAll,
            ],
            BinaryBody = ApiOperation.Gzip,
            Answer = Schema.Reference(ApiModels.PushedProject),
        };
        routes.Add(push.Refusing(StatusCodes.Status409Conflict), r => PushAsync(r, parts));
        var byName = Get("getProject", "/api/project", "A project by name", ApiModels.Project, Parameters.RequiredName);
        routes.Add(byName.Refusing(NotFound), r => ByNameAsync(r, parts));
        routes.Add(Get("getProjectById", "/api/projects/{id}", "A project", ApiModels.Project).Refusing(NotFound), r => ReadAsync(r, parts));
        var delete = ApiOperation.Delete(Tag, "deleteProject", "/api/projects/{id}", "Deletes a project; what it ran stays readable", ApiModels.Project);
        routes.Add(delete.Refusing(NotFound), r => DeleteAsync(r, parts));
        MapParts(routes, parts);
    }

    private static void MapParts(ApiRoutes routes, ServerParts parts)
    {
        var revisions = Get(
            "getRevisions", "/api/projects/{id}/revisions", "Revisions, newest first", ApiModels.Revisions, Parameters.Name, Parameters.LastId, Parameters.PageAfter, Parameters.PagedSize);
        routes.Add(revisions.Refusing(NotFound), r => RevisionsAsync(r, parts));
        var workflows = Get(
            "getWorkflows", "/api/projects/{id}/workflows", "Workflows of a revision", ApiModels.Workflows, Parameters.Revision, Parameters.Name);
        routes.Add(workflows.Refusing(NotFound), r => WorkflowsAsync(r, parts));
        var workflow = Get(
            "getWorkflowByName", "/api/projects/{id}/workflows/{name}", "A workflow of a revision", ApiModels.Workflow, Parameters.Revision);
        routes.Add(workflow.Refusing(NotFound), r => WorkflowAsync(r, parts, r.PathText("name")));
        var byQuery = Get(
            "getWorkflow",
            "/api/projects/{id}/workflow",
            "A workflow of a revision, its name in the query",
            ApiModels.Workflow,
            Parameters.RequiredName,
            Parameters.Revision);
        routes.Add(byQuery.Refusing(NotFound), r => WorkflowAsync(r, parts, r.RequiredQuery(Parameters.RequiredName)));
        var schedules = Get(
            "getProjectSchedules", "/api/projects/{id}/schedules", "Schedules of a project", ApiModels.Schedules, Parameters.Workflow, Parameters.LastId);
        routes.Add(schedules.Refusing(NotFound), r => SchedulesAsync(r, parts));
        var sessions = Get(
            "getProjectSessions",
            "/api/projects/{id}/sessions",
            "Sessions of a project, newest first",
            ApiModels.Sessions,
            Parameters.Workflow,
            Parameters.LastId,
            Parameters.PageSize);
        routes.Add(sessions.Refusing(NotFound), r => SessionsAsync(r, parts));
        var archive = new ApiOperation("getArchive", HttpMethods.Get, "/api/projects/{id}/archive", "The files of a revision")
        {
            Tag = Tag,
            Produces = ApiOperation.Gzip,
            Query = [Parameters.Revision, Parameters.DirectDownload],
            MayLeadElsewhere = true,
        };
        routes.Add(archive.Refusing(NotFound), r => ArchiveAsync(r, parts));
    }

    private static ApiOperation Get(string id, string path, string summary, IModel answer, params QueryParameter[] query) =>
        ApiOperation.Get(Tag, id, path, summary, answer, query);

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var projects = parts.Store.Projects;
        IReadOnlyList<StoredProject> found;
        if (request.Query(Parameters.Name) is { } name)
        {
            found = await projects.FindAsync(request.SiteId, name, request.Cancellation).ConfigureAwait(false) is { } project ? [project] : [];
        }
        else
        {
            found = await projects.ListAsync(
                request.SiteId,
                request.QueryNumber(Parameters.LastId) is { } last ? new ProjectId(last) : null,
                (int)Math.Min(request.QueryNumber(Parameters.Count) ?? PageSize, int.MaxValue),
                request.Query(Parameters.NamePattern) ?? string.Empty,
                request.Cancellation).ConfigureAwait(false);
        }

        await request.AnswerAsync(ApiModels.Projects, found).ConfigureAwait(false);
    }

    private static async Task ByNameAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(
            ApiModels.Project, await parts.Store.ProjectAsync(request, request.RequiredQuery(Parameters.RequiredName)).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task ReadAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Project, await parts.Store.ProjectAsync(request).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task DeleteAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        if (!await parts.Store.Projects.DeleteAsync(request.SiteId, project.Id, parts.Clock.GetCurrentInstant(), request.Cancellation).ConfigureAwait(false))
        {
            // Somebody else was quicker; the words are those for a project that is gone.
            project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        }

        parts.ScheduleLoop.Wake();
        await request.AnswerAsync(ApiModels.Project, project).ConfigureAwait(false);
    }

    private static async Task RevisionsAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var isPaged = request.Query(Parameters.PageAfter) is not null || request.Query(Parameters.PagedSize) is not null;
        if (request.Query(Parameters.Name) is { } name)
        {
            var one = await parts.Store.Projects.FindRevisionAsync(project.Id, name, request.Cancellation).ConfigureAwait(false);
            await request.AnswerAsync(ApiModels.Revisions, new RevisionPage(one is null ? [] : [one], isPaged, null)).ConfigureAwait(false);
            return;
        }

        var size = (int)Math.Clamp(request.QueryNumber(Parameters.PagedSize) ?? PageSize, 1, PageSize);
        var found = await parts.Store.Projects.ListRevisionsAsync(
            project.Id,
            (request.QueryNumber(Parameters.PageAfter) ?? request.QueryNumber(Parameters.LastId)) is { } last ? new RevisionId(last) : null,
            isPaged ? size + 1 : PageSize,
            request.Cancellation).ConfigureAwait(false);
        var page = isPaged && found.Count > size
            ? new RevisionPage([.. found.Take(size)], isPaged, found[size - 1].Id.Value.ToString(CultureInfo.InvariantCulture))
            : new RevisionPage(found, isPaged, null);
        await request.AnswerAsync(ApiModels.Revisions, page).ConfigureAwait(false);
    }

    private static async Task WorkflowsAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var revision = await parts.Store.RevisionAsync(request, project).ConfigureAwait(false);
        var found = await parts.Store.Projects.ListWorkflowsAsync(revision.Id, request.Query(Parameters.Name), request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Workflows, found).ConfigureAwait(false);
    }

    private static async Task WorkflowAsync(ApiRequest request, ServerParts parts, string name)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        await request.AnswerAsync(
            ApiModels.Workflow, await parts.Store.WorkflowAsync(request, project, name).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task SchedulesAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var found = await parts.Store.Schedules.ListAsync(
            request.SiteId,
            project.Id,
            request.Query(Parameters.Workflow),
            request.QueryNumber(Parameters.LastId) is { } last ? new ScheduleId(last) : null,
            PageSize,
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Schedules, found).ConfigureAwait(false);
    }

    private static async Task SessionsAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var found = await parts.Store.Attempts.ListSessionsAsync(
            request.SiteId,
            new SessionQuery
            {
                Count = request.PageSize(parts.Settings.MaximumSessionPage),
                LastId = request.QueryNumber(Parameters.LastId) is { } last ? new SessionId(last) : null,
                Project = project.Id,
                Workflow = request.Query(Parameters.Workflow),
            },
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Sessions, found).ConfigureAwait(false);
    }

    private static async Task ArchiveAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var revision = await parts.Store.RevisionAsync(request, project).ConfigureAwait(false);
        if (request.WantsDirectDownload && await parts.Archives.AddressOfAsync(revision).ConfigureAwait(false) is { } address)
        {
            request.Http.Response.StatusCode = StatusCodes.Status303SeeOther;
            request.Http.Response.Headers.Location = address.AbsoluteUri;
            return;
        }

        var archive = await parts.Archives.ReadAsync(revision, request.Cancellation).ConfigureAwait(false)
            ?? throw new ApiException(StatusCodes.Status404NotFound, "Archive is not stored");
        using var content = new MemoryStream(archive, writable: false);
        request.Http.Response.ContentLength = archive.Length;
        await request.AnswerGzipAsync(content).ConfigureAwait(false);
    }

    private static async Task PushAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireContentType("application/gzip");
        var pushed = await parts.Push.PushAsync(
            new PushRequest
            {
                SiteId = request.SiteId,
                ProjectName = request.RequiredQuery(Parameters.RequiredProject),
                Revision = request.RequiredQuery(Parameters.NewRevision),
                ScheduleFrom = ScheduleFrom(request, parts.Clock.GetCurrentInstant()),
                ClearSchedules = request.QueryAll(Parameters.ClearSchedule),
                ClearsAllSchedules = request.QueryFlag(Parameters.ClearScheduleAll),
                AnnouncedSize = request.Http.Request.Headers.ContentEncoding.Count == 0 ? request.Http.Request.ContentLength : null,
            },
            request.OpenBody(maximumSize: null),
            request.Cancellation).ConfigureAwait(false);
        parts.ScheduleLoop.Wake();
        await request.AnswerAsync(ApiModels.PushedProject, pushed).ConfigureAwait(false);
    }

    private static Instant ScheduleFrom(ApiRequest request, Instant now) => request.Query(Parameters.ScheduleFrom) is not { Length: > 0 } text
        ? now
        : ApiTime.ReadInstant(text) ?? throw new ApiException(
            StatusCodes.Status400BadRequest, "Invalid schedule_from= parameter format. Expected yyyy-MM-dd'T'HH:mm:ss'Z' format");
}
