using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;
using WfRunner.Server.Attempts;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Sessions and attempts. Digdag behaviour: rest-api 7.6.</summary>
internal static class AttemptEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Get("/api/sessions", r => SessionsAsync(r, parts));
        routes.Get("/api/sessions/{id}", r => SessionAsync(r, parts));
        routes.Get("/api/sessions/{id}/attempts", r => AttemptsOfSessionAsync(r, parts));
        routes.Get("/api/attempts", r => AttemptsAsync(r, parts));
        routes.Put("/api/attempts", r => StartAsync(r, parts));
        routes.Get("/api/attempts/{id}", r => AttemptAsync(r, parts));
        routes.Get("/api/attempts/{id}/retries", r => RetriesAsync(r, parts));
        routes.Get("/api/attempts/{id}/tasks", r => TasksAsync(r, parts));
        routes.Post("/api/attempts/{id}/kill", r => KillAsync(r, parts));
    }

    private static async Task SessionsAsync(ApiRequest request, ServerParts parts)
    {
        var found = await parts.Store.Attempts.ListSessionsAsync(
            request.SiteId,
            new SessionQuery
            {
                Count = request.PageSize(parts.Settings.MaximumSessionPage),
                LastId = request.QueryNumber("last_id") is { } last ? new SessionId(last) : null,
            },
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("sessions", found, ApiModels.Session)).ConfigureAwait(false);
    }

    private static async Task SessionAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Session(await parts.Store.SessionAsync(request).ConfigureAwait(false))).ConfigureAwait(false);

    private static async Task AttemptsOfSessionAsync(ApiRequest request, ServerParts parts)
    {
        var session = await parts.Store.SessionAsync(request).ConfigureAwait(false);
        await AnswerAttemptsAsync(request, parts, Page(request, parts) with { Session = session.Id, IncludesRetried = true }).ConfigureAwait(false);
    }

    private static async Task AttemptsAsync(ApiRequest request, ServerParts parts)
    {
        var query = Page(request, parts) with { IncludesRetried = request.QueryFlag("include_retried") };
        if (request.Query("project") is { } name)
        {
            var project = await parts.Store.ProjectAsync(request, name).ConfigureAwait(false);
            query = query with { Project = project.Id, Workflow = request.Query("workflow") };
        }

        await AnswerAttemptsAsync(request, parts, query).ConfigureAwait(false);
    }

    private static AttemptQuery Page(ApiRequest request, ServerParts parts) => new()
    {
        Count = request.PageSize(parts.Settings.MaximumAttemptPage),
        LastId = request.QueryNumber("last_id") is { } last ? new AttemptId(last) : null,
    };

    private static async Task AnswerAttemptsAsync(ApiRequest request, ServerParts parts, AttemptQuery query)
    {
        var found = await parts.Store.Attempts.ListAsync(request.SiteId, query, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("attempts", found, ApiModels.Attempt)).ConfigureAwait(false);
    }

    private static async Task AttemptAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Attempt(await parts.Store.AttemptAsync(request).ConfigureAwait(false))).ConfigureAwait(false);

    private static async Task RetriesAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var found = await parts.Store.Attempts.ListAsync(
            request.SiteId,
            new AttemptQuery { Count = int.MaxValue, Session = attempt.SessionId, IncludesRetried = true },
            request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("attempts", found.OrderBy(a => a.Index), ApiModels.Attempt)).ConfigureAwait(false);
    }

    private static async Task TasksAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var tasks = await parts.Store.Attempts.ListTasksAsync(attempt.Id, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("tasks", tasks, ApiModels.Task)).ConfigureAwait(false);
    }

    private static async Task StartAsync(ApiRequest request, ServerParts parts)
    {
        var body = await request.ReadJsonAsync().ConfigureAwait(false);
        var workflowId = new WorkflowId(body.Id("workflowId"));
        var sessionTime = body.Instant("sessionTime");
        var parameters = body.Object("params");
        var workflow = await parts.Store.WorkflowAsync(request, workflowId).ConfigureAwait(false);
        var outcome = await parts.Starter.StartAsync(
            new StartRequest
            {
                SiteId = request.SiteId,
                Workflow = workflow,
                SessionTime = sessionTime,
                RetryAttemptName = body.TextOrNull("retryAttemptName"),
                Params = parameters,
                Resume = body.ObjectOrNull("resume") is { } resume ? Resume(resume) : null,
            },
            request.Cancellation).ConfigureAwait(false);
        await (outcome switch
        {
            StartOutcome.Started started => request.AnswerAsync(ApiModels.Attempt(started.Attempt)),
            StartOutcome.Conflict conflict => request.AnswerAsync(ApiModels.Attempt(conflict.Existing), StatusCodes.Status409Conflict),
            _ => throw new InvalidOperationException($"unexpected outcome {outcome}"),
        }).ConfigureAwait(false);
    }

    private static ResumeRequest Resume(ConfigMap resume)
    {
        var attempt = new AttemptId(resume.Id("attemptId"));
        return resume.Text("mode") switch
        {
            "failed" => new ResumeRequest(attempt, null),
            "from" => new ResumeRequest(attempt, resume.Text("from")),
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
        await request.AnswerAsync(ApiModels.Attempt(await parts.Store.AttemptAsync(request).ConfigureAwait(false))).ConfigureAwait(false);
    }
}
