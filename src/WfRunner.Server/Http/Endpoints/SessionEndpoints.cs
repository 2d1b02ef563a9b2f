using Microsoft.AspNetCore.Http;
using WfRunner.Core.Sessions;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Sessions. Digdag behaviour: rest-api 7.6; the filters are additions.</summary>
internal static class SessionEndpoints
{
    private const string Tag = "sessions";
    private const int NotFound = StatusCodes.Status404NotFound;

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var list = ApiOperation.Get(
            Tag, "getSessions", "/api/sessions", "Sessions with their last attempts, newest first", ApiModels.Sessions, [.. ListFilters.Parameters]);
        routes.Add(list.Refusing(NotFound), r => ListAsync(r, parts));
        var read = ApiOperation.Get(Tag, "getSession", "/api/sessions/{id}", "A session", ApiModels.Session);
        routes.Add(read.Refusing(NotFound), r => ReadAsync(r, parts));
        var attempts = ApiOperation.Get(
            Tag,
            "getSessionAttempts",
            "/api/sessions/{id}/attempts",
            "Attempts of a session, newest first",
            ApiModels.Attempts,
            Parameters.LastId,
            Parameters.PageSize);
        routes.Add(attempts.Refusing(NotFound), r => AttemptsAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var filter = await ListFilters.ReadAsync(request, parts.Store, parts.Clock).ConfigureAwait(false);
        var query = new SessionQuery
        {
            Count = request.PageSize(parts.Settings.MaximumSessionPage),
            LastId = request.QueryNumber(Parameters.LastId) is { } last ? new SessionId(last) : null,
            Project = filter.Project,
            Workflow = filter.Workflow,
            Statuses = filter.Statuses,
            From = filter.From,
            To = filter.To,
            Took = filter.Took,
        };
        var found = await parts.Store.Attempts.ListSessionsAsync(request.SiteId, query, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Sessions, found).ConfigureAwait(false);
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts) =>
        await request.AnswerAsync(ApiModels.Session, await parts.Store.SessionAsync(request).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task AttemptsAsync(ApiRequest request, ServerParts parts)
    {
        var session = await parts.Store.SessionAsync(request).ConfigureAwait(false);
        var query = new AttemptQuery
        {
            Count = request.PageSize(parts.Settings.MaximumAttemptPage),
            LastId = request.QueryNumber(Parameters.LastId) is { } last ? new AttemptId(last) : null,
            Session = session.Id,
            IncludesRetried = true,
        };
        var found = await parts.Store.Attempts.ListAsync(request.SiteId, query, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Attempts, found).ConfigureAwait(false);
    }
}
