using Microsoft.AspNetCore.Http;
using WfRunner.Core.Sessions;
using WfRunner.Server.Attempts;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Attempts. Digdag behaviour: rest-api 7.6.</summary>
internal static class AttemptEndpoints
{
    private const string Tag = "attempts";
    private const int NotFound = StatusCodes.Status404NotFound;
    private const int AlreadyThere = StatusCodes.Status409Conflict;
    private const int TypicalRuns = 20;
    private const int MaximumTypicalRuns = 50;

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var list = ApiOperation.Get(
            Tag,
            "getAttempts",
            "/api/attempts",
            "Attempts, newest first",
            ApiModels.Attempts,
            [Parameters.IncludeRetried, .. ListFilters.Parameters]);
        routes.Add(list.Refusing(NotFound), r => AttemptsAsync(r, parts));
        var start = new ApiOperation("startAttempt", HttpMethods.Put, "/api/attempts", "Starts an attempt; 409 answers with the one that exists")
        {
            Tag = Tag,
            Body = RequestModels.Attempt,
            Answer = Schema.Reference(ApiModels.Attempt),
            Conflict = ApiModels.Attempt,
        };
        routes.Add(start.Refusing(NotFound), r => StartAsync(r, parts));
        var read = ApiOperation.Get(Tag, "getAttempt", "/api/attempts/{id}", "An attempt", ApiModels.Attempt);
        routes.Add(read.Refusing(NotFound), r => AttemptAsync(r, parts));
        var retries = ApiOperation.Get(
            Tag, "getAttemptRetries", "/api/attempts/{id}/retries", "All attempts of an attempt's session, oldest first", ApiModels.Attempts);
        routes.Add(retries.Refusing(NotFound), r => RetriesAsync(r, parts));
        var tasks = ApiOperation.Get(Tag, "getTasks", "/api/attempts/{id}/tasks", "Tasks of an attempt", ApiModels.Tasks);
        routes.Add(tasks.Refusing(NotFound), r => TasksAsync(r, parts));
        var typicals = ApiOperation.Get(
            Tag,
            "getTaskDurations",
            "/api/attempts/{id}/task_durations",
            "How long the tasks of an attempt's workflow took in the last successful runs before its session",
            OverviewModels.TaskTypicals,
            Parameters.RunCount);
        routes.Add(typicals.Refusing(NotFound).AsAddition(), r => TypicalsAsync(r, parts));
        var kill = ApiOperation.Post(Tag, "killAttempt", "/api/attempts/{id}/kill", "Asks an attempt to stop", ApiModels.Attempt, body: null);
        routes.Add(kill.Refusing(NotFound, AlreadyThere), r => KillAsync(r, parts));
    }

    private static async Task AttemptsAsync(ApiRequest request, ServerParts parts)
    {
        var filter = await ListFilters.ReadAsync(request, parts.Store, parts.Clock).ConfigureAwait(false);
        var query = new AttemptQuery
        {
            Count = request.PageSize(parts.Settings.MaximumAttemptPage),
            LastId = request.QueryNumber(Parameters.LastId) is { } last ? new AttemptId(last) : null,
            IncludesRetried = request.QueryFlag(Parameters.IncludeRetried),
            Project = filter.Project,

            // Digdag ignores a workflow without a project here (rest-api 7.6.4); who uses an addition means what it says.
            Workflow = filter.Project is not null || filter.IsAddition ? filter.Workflow : null,
            Statuses = filter.Statuses,
            From = filter.From,
            To = filter.To,
            Took = filter.Took,
        };
        var found = await parts.Store.Attempts.ListAsync(request.SiteId, query, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Attempts, found).ConfigureAwait(false);
    }

    private static async Task AttemptAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Attempt, await parts.Store.AttemptAsync(request).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task RetriesAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var found = await parts.Store.Attempts.ListAsync(
            request.SiteId,
            new AttemptQuery { Count = int.MaxValue, Session = attempt.SessionId, IncludesRetried = true },
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Attempts, found.OrderBy(a => a.Index)).ConfigureAwait(false);
    }

    private static async Task TasksAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var tasks = await parts.Store.Attempts.ListTasksAsync(attempt.Id, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Tasks, tasks).ConfigureAwait(false);
    }

    private static async Task TypicalsAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var runs = request.QueryNumber(Parameters.RunCount) ?? TypicalRuns;
        if (runs > MaximumTypicalRuns)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"count= must be at most {MaximumTypicalRuns}: {runs}");
        }

        var found = await parts.Store.Overview.ListTaskDurationsAsync(
            attempt.ProjectId, attempt.WorkflowName, attempt.SessionTime, (int)runs, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(OverviewModels.TaskTypicals, TaskTypical.Of(found)).ConfigureAwait(false);
    }

    private static async Task StartAsync(ApiRequest request, ServerParts parts)
    {
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var workflowId = WorkflowIdOf(body);
        var sessionTime = body.Time(RequestModels.SessionTime);
        var parameters = body.Object(RequestModels.Params);
        var workflow = workflowId is { } id
            ? await parts.Store.WorkflowAsync(request, id).ConfigureAwait(false)
            : await parts.Store.WorkflowAsync(
                request,
                (await parts.Store.ProjectAsync(request, body.Text(RequestModels.ProjectName)).ConfigureAwait(false)).LatestRevision,
                body.Text(RequestModels.WorkflowName)).ConfigureAwait(false);
        var outcome = await parts.Starter.StartAsync(
            new StartRequest
            {
                SiteId = request.SiteId,
                Workflow = workflow,
                SessionTime = sessionTime,
                RetryAttemptName = body.TextOrNull(RequestModels.RetryAttemptName),
                Params = parameters,
                Queues = body.FlagOrNull(RequestModels.AllowQueueing) == true ? QueueWish.Always : QueueWish.Never,
                Resume = body.BodyOrNull(RequestModels.ResumeOfAttempt) is { } resume ? Resume(resume) : null,
            },
            request.Cancellation).ConfigureAwait(false);
        await (outcome switch
        {
            StartOutcome.Started started => request.AnswerAsync(ApiModels.Attempt, started.Attempt),
            StartOutcome.Conflict conflict => request.AnswerAsync(ApiModels.Attempt, conflict.Existing, StatusCodes.Status409Conflict),
            _ => throw new InvalidOperationException($"unexpected outcome {outcome}"),
        }).ConfigureAwait(false);
    }

    // The names are the hosted service's way, which Digdag does not know.
    private static WorkflowId? WorkflowIdOf(RequestBody body) => body.IdOrNull(RequestModels.WorkflowId) switch
    {
        { } id => new WorkflowId(id),
        null when body.TextOrNull(RequestModels.ProjectName) is not null && body.TextOrNull(RequestModels.WorkflowName) is not null => null,
        null => throw new ApiException(StatusCodes.Status400BadRequest, "workflowId is required"),
    };

    private static ResumeRequest Resume(RequestBody resume)
    {
        var attempt = new AttemptId(resume.Id(RequestModels.ResumeAttempt));
        return resume.Text(RequestModels.ResumeMode) switch
        {
            "failed" => new ResumeRequest(attempt, null),
            "from" => new ResumeRequest(attempt, resume.TextOrNull(RequestModels.ResumeFrom) ?? throw new ApiException(StatusCodes.Status400BadRequest, "from is required")),
            var mode => throw new ApiException(StatusCodes.Status400BadRequest, $"Unknown resume mode: {mode}"),
        };
    }

    private static async Task KillAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var outcome = await parts.Store.Attempts.RequestCancelAsync(
            request.SiteId, attempt.Id, parts.Clock.GetCurrentInstant(), request.Cancellation).ConfigureAwait(false);
        if (outcome == CancelOutcome.AlreadyDone)
        {
            throw new ApiException(StatusCodes.Status409Conflict, "Session attempt already killed or finished");
        }

        parts.Host.RequestCancel(attempt.Id);
        parts.Host.Wake();
        await request.AnswerAsync(ApiModels.Attempt, await parts.Store.AttemptAsync(request).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
