using Microsoft.AspNetCore.Http;
using NodaTime;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Schedules;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Workflows. Digdag behaviour: rest-api 7.5, 8; schedules 11.3.</summary>
internal static class WorkflowEndpoints
{
    private const int PageSize = 100;
    private const int HistoryCount = 50;
    private const int MaximumHistoryCount = 1000;

    private const string Tag = "workflows";

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        const int NotFound = StatusCodes.Status404NotFound;
        var list = ApiOperation.Get(
            Tag,
            "getWorkflowDefinitions",
            "/api/workflows",
            "Workflows of the latest revisions of all projects",
            ApiModels.Workflows,
            Parameters.LastId,
            Parameters.Count,
            Parameters.Order,
            Parameters.NamePattern,
            Parameters.SearchProjectName);
        routes.Add(list, r => ListAsync(r, parts));
        var byName = ApiOperation.Get(
            Tag,
            "getWorkflowDefinition",
            "/api/workflow",
            "A workflow by the names of its project and its own",
            ApiModels.Workflow,
            Parameters.RequiredProject,
            Parameters.RequiredName,
            Parameters.Revision);
        routes.Add(byName.Refusing(NotFound), r => ByNameAsync(r, parts));
        var read = ApiOperation.Get(Tag, "getWorkflowDefinitionById", "/api/workflows/{id}", "A workflow of any revision", ApiModels.Workflow);
        routes.Add(read.Refusing(NotFound), r => ReadAsync(r, parts));
        var truncate = ApiOperation.Get(
            Tag,
            "getTruncatedSessionTime",
            "/api/workflows/{id}/truncated_session_time",
            "A session time as the workflow's zone and schedule make it",
            ApiModels.WorkflowSessionTime,
            Parameters.RequiredSessionTime,
            Parameters.TruncateMode);
        routes.Add(truncate.Refusing(NotFound), r => TruncateAsync(r, parts));
        var history = ApiOperation.Get(
            Tag,
            "getWorkflowHistory",
            "/api/workflows/{id}/history",
            "The last sessions of a workflow, of all its revisions, newest first",
            OverviewModels.History,
            Parameters.HistoryCount);
        routes.Add(history.Refusing(NotFound).AsAddition(), r => HistoryAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var order = request.Query(Parameters.Order) ?? "asc";
        if (order is not ("asc" or "desc"))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "parameter 'order' must be either 'asc' or 'desc'");
        }

        var found = await parts.Store.Projects.ListWorkflowsAsync(
            request.SiteId,
            new WorkflowQuery
            {
                Count = (int)Math.Min(request.QueryNumber(Parameters.Count) ?? PageSize, int.MaxValue),
                LastId = request.QueryNumber(Parameters.LastId) is { } last ? new WorkflowId(last) : null,
                Descending = order == "desc",
                NamePattern = request.Query(Parameters.NamePattern) ?? string.Empty,
                SearchesProjectName = request.QueryFlag(Parameters.SearchProjectName),
            },
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Workflows, found).ConfigureAwait(false);
    }

    private static async Task ByNameAsync(ApiRequest request, ServerParts parts)
    {
        var (projectName, name) = (request.RequiredQuery(Parameters.RequiredProject), request.RequiredQuery(Parameters.RequiredName));
        var project = await parts.Store.ProjectAsync(request, projectName).ConfigureAwait(false);
        await request.AnswerAsync(
            ApiModels.Workflow, await parts.Store.WorkflowAsync(request, project, name).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts)
    {
        var workflow = await parts.Store.WorkflowAsync(request, new WorkflowId(request.PathId())).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Workflow, workflow).ConfigureAwait(false);
    }

    private static async Task TruncateAsync(ApiRequest request, ServerParts parts)
    {
        var text = request.RequiredQuery(Parameters.RequiredSessionTime);
        var workflow = await parts.Store.WorkflowAsync(request, new WorkflowId(request.PathId())).ConfigureAwait(false);
        var zone = workflow.Definition.TimeZone;
        var time = ApiTime.ReadLocalOrInstant(text, zone)
            ?? throw new ApiException(StatusCodes.Status400BadRequest, $"Invalid timestamp format: {text}");
        var sessionTime = Truncate(workflow, time, request.Query(Parameters.TruncateMode));
        await request.AnswerAsync(ApiModels.WorkflowSessionTime, new WorkflowSessionTime(workflow, sessionTime)).ConfigureAwait(false);
    }

    private static async Task HistoryAsync(ApiRequest request, ServerParts parts)
    {
        var workflow = await parts.Store.WorkflowAsync(request, new WorkflowId(request.PathId())).ConfigureAwait(false);
        var count = request.QueryNumber(Parameters.HistoryCount) ?? HistoryCount;
        if (count > MaximumHistoryCount)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"count= must be at most {MaximumHistoryCount}: {count}");
        }

        var query = new SessionQuery { Count = (int)count, Project = workflow.ProjectId, Workflow = workflow.Definition.Name };
        var found = await parts.Store.Attempts.ListSessionsAsync(request.SiteId, query, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(OverviewModels.History, found).ConfigureAwait(false);
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
