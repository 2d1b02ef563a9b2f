using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;
using WfRunner.Server.Schedules;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Workflows. Digdag behaviour: rest-api 7.5, 8; schedules 11.3.</summary>
internal static class WorkflowEndpoints
{
    private const int PageSize = 100;

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Get("/api/workflows", r => ListAsync(r, parts));
        routes.Get("/api/workflow", r => ByNameAsync(r, parts));
        routes.Get("/api/workflows/{id}", r => ReadAsync(r, parts));
        routes.Get("/api/workflows/{id}/truncated_session_time", r => TruncateAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var order = request.Query("order") ?? "asc";
        if (order is not ("asc" or "desc"))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "parameter 'order' must be either 'asc' or 'desc'");
        }

        var found = await parts.Store.Projects.ListWorkflowsAsync(
            request.SiteId,
            new WorkflowQuery
            {
                Count = (int)Math.Min(request.QueryNumber("count") ?? PageSize, int.MaxValue),
                LastId = request.QueryNumber("last_id") is { } last ? new WorkflowId(last) : null,
                Descending = order == "desc",
                NamePattern = request.Query("name_pattern") ?? string.Empty,
                SearchesProjectName = request.QueryFlag("search_project_name"),
            },
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("workflows", found, ApiModels.Workflow)).ConfigureAwait(false);
    }

    private static async Task ByNameAsync(ApiRequest request, ServerParts parts)
    {
        var (projectName, name) = (request.RequiredQuery("project"), request.RequiredQuery("name"));
        var project = await parts.Store.ProjectAsync(request, projectName).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Workflow(
            await parts.Store.WorkflowAsync(request, project, name).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts)
    {
        var workflow = await parts.Store.WorkflowAsync(request, new WorkflowId(request.PathId())).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Workflow(workflow)).ConfigureAwait(false);
    }

    private static async Task TruncateAsync(ApiRequest request, ServerParts parts)
    {
        var text = request.RequiredQuery("session_time");
        var workflow = await parts.Store.WorkflowAsync(request, new WorkflowId(request.PathId())).ConfigureAwait(false);
        var zone = workflow.Definition.TimeZone;
        var time = ApiTime.ReadLocalOrInstant(text, zone)
            ?? throw new ApiException(StatusCodes.Status400BadRequest, $"Invalid timestamp format: {text}");
        var sessionTime = Truncate(workflow, time, request.Query("mode"));
        await request.AnswerAsync(ConfigMap.Of(
            ("project", ApiModels.IdAndName(workflow.ProjectId, workflow.ProjectName)),
            ("revision", workflow.RevisionName),
            ("sessionTime", ApiTime.Write(sessionTime, zone)),
            ("timezone", zone.Id))).ConfigureAwait(false);
    }

    private static Instant Truncate(StoredWorkflow workflow, Instant time, string? mode)
    {
        var zone = workflow.Definition.TimeZone;
        var local = time.InZone(zone).LocalDateTime;
        switch (mode)
        {
            case null or "":
                return time;
            case "second":
                return Instant.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
            case "minute":
                return ApiTime.Resolve(local.Date + new LocalTime(local.Hour, local.Minute), zone);
            case "hour":
                return ApiTime.Resolve(local.Date + new LocalTime(local.Hour, 0), zone);
            case "day":
                return zone.AtStartOfDay(local.Date).ToInstant();
            case "schedule" or "next_schedule":
                var scheduler = SchedulerFactory.Create(workflow.Definition.Config, zone) ?? throw new ApiException(
                    StatusCodes.Status400BadRequest, $"session_time_truncate={mode} is set but schedule is not set to this workflow");
                var entry = mode == "schedule" ? scheduler.FirstScheduleTime(time) : scheduler.NextScheduleTime(time);
                return (entry ?? EndOfTime.Entry).Time;
            default:
                throw new ApiException(
                    StatusCodes.Status400BadRequest, $"mode= must be second, minute, hour, day, schedule or next_schedule: {mode}");
        }
    }
}
