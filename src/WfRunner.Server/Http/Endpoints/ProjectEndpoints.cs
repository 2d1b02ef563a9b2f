using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Server.Projects;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Projects. Digdag behaviour: rest-api 7.2, 7.3, 8.</summary>
internal static class ProjectEndpoints
{
    private const int PageSize = 100;

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Get("/api/projects", r => ListAsync(r, parts));
        routes.Put("/api/projects", r => PushAsync(r, parts));
        routes.Get("/api/project", r => ByNameAsync(r, parts));
        routes.Get("/api/projects/{id}", r => ReadAsync(r, parts));
        routes.Delete("/api/projects/{id}", r => DeleteAsync(r, parts));
        routes.Get("/api/projects/{id}/revisions", r => RevisionsAsync(r, parts));
        routes.Get("/api/projects/{id}/workflows", r => WorkflowsAsync(r, parts));
        routes.Get("/api/projects/{id}/workflows/{name}", r => WorkflowAsync(r, parts, r.PathText("name")));
        routes.Get("/api/projects/{id}/workflow", r => WorkflowAsync(r, parts, r.RequiredQuery("name")));
        routes.Get("/api/projects/{id}/schedules", r => SchedulesAsync(r, parts));
        routes.Get("/api/projects/{id}/sessions", r => SessionsAsync(r, parts));
        routes.GetGzip("/api/projects/{id}/archive", r => ArchiveAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var projects = parts.Store.Projects;
        IReadOnlyList<StoredProject> found;
        if (request.Query("name") is { } name)
        {
            found = await projects.FindAsync(request.SiteId, name, request.Cancellation).ConfigureAwait(false) is { } project ? [project] : [];
        }
        else
        {
            found = await projects.ListAsync(
                request.SiteId,
                request.QueryNumber("last_id") is { } last ? new ProjectId(last) : null,
                (int)Math.Min(request.QueryNumber("count") ?? PageSize, int.MaxValue),
                request.Query("name_pattern") ?? string.Empty,
                request.Cancellation).ConfigureAwait(false);
        }

        await request.AnswerAsync(ApiModels.Collection("projects", found, ApiModels.Project)).ConfigureAwait(false);
    }

    private static async Task ByNameAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Project(
            await parts.Store.ProjectAsync(request, request.RequiredQuery("name")).ConfigureAwait(false))).ConfigureAwait(false);

    private static async Task ReadAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Project(await parts.Store.ProjectAsync(request).ConfigureAwait(false))).ConfigureAwait(false);

    private static async Task DeleteAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        await parts.Store.Projects.DeleteAsync(request.SiteId, project.Id, parts.Clock.GetCurrentInstant(), request.Cancellation)
            .ConfigureAwait(false);
        parts.ScheduleLoop.Wake();
        await request.AnswerAsync(ApiModels.Project(project)).ConfigureAwait(false);
    }

    private static async Task RevisionsAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var found = request.Query("name") is { } name
            ? await parts.Store.Projects.FindRevisionAsync(project.Id, name, request.Cancellation).ConfigureAwait(false) is { } one ? [one] : []
            : await parts.Store.Projects.ListRevisionsAsync(
                project.Id,
                request.QueryNumber("last_id") is { } last ? new RevisionId(last) : null,
                PageSize,
                request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("revisions", found, ApiModels.Revision)).ConfigureAwait(false);
    }

    private static async Task WorkflowsAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var revision = await parts.Store.RevisionAsync(request, project).ConfigureAwait(false);
        var found = await parts.Store.Projects.ListWorkflowsAsync(revision.Id, request.Query("name"), request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("workflows", found, ApiModels.Workflow)).ConfigureAwait(false);
    }

    private static async Task WorkflowAsync(ApiRequest request, ServerParts parts, string name)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Workflow(
            await parts.Store.WorkflowAsync(request, project, name).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static async Task SchedulesAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var found = await parts.Store.Schedules.ListAsync(
            request.SiteId,
            project.Id,
            request.Query("workflow"),
            request.QueryNumber("last_id") is { } last ? new ScheduleId(last) : null,
            PageSize,
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("schedules", found, ApiModels.Schedule)).ConfigureAwait(false);
    }

    private static async Task SessionsAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var found = await parts.Store.Attempts.ListSessionsAsync(
            request.SiteId,
            new SessionQuery
            {
                Count = request.PageSize(parts.Settings.MaximumSessionPage),
                LastId = request.QueryNumber("last_id") is { } last ? new SessionId(last) : null,
                Project = project.Id,
                Workflow = request.Query("workflow"),
            },
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("sessions", found, ApiModels.Session)).ConfigureAwait(false);
    }

    private static async Task ArchiveAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var revision = await parts.Store.RevisionAsync(request, project).ConfigureAwait(false);
        var archive = await parts.Store.Projects.ReadArchiveAsync(revision.Id, request.Cancellation).ConfigureAwait(false)
            ?? throw new ApiException(StatusCodes.Status404NotFound, "Archive is not stored");
        using var content = new MemoryStream(archive, writable: false);
        request.Http.Response.ContentLength = archive.Length;
        await request.AnswerGzipAsync(content).ConfigureAwait(false);
    }

    private static async Task PushAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireContentType("application/gzip");
        var project = await parts.Push.PushAsync(
            new PushRequest
            {
                SiteId = request.SiteId,
                ProjectName = request.RequiredQuery("project"),
                Revision = request.RequiredQuery("revision"),
                ScheduleFrom = ScheduleFrom(request, parts.Clock.GetCurrentInstant()),
                ClearSchedules = request.QueryAll("clear_schedule"),
                ClearsAllSchedules = request.QueryFlag("clear_schedule_all"),
                AnnouncedSize = request.Http.Request.Headers.ContentEncoding.Count == 0 ? request.Http.Request.ContentLength : null,
            },
            request.OpenBody(maximumSize: null),
            request.Cancellation).ConfigureAwait(false);
        parts.ScheduleLoop.Wake();
        await request.AnswerAsync(ApiModels.Project(project)).ConfigureAwait(false);
    }

    private static Instant ScheduleFrom(ApiRequest request, Instant now) => request.Query("schedule_from") is not { Length: > 0 } text
        ? now
        : ApiTime.ReadInstant(text) ?? throw new ApiException(
            StatusCodes.Status400BadRequest, "Invalid schedule_from= parameter format. Expected yyyy-MM-dd'T'HH:mm:ss'Z' format");
}
