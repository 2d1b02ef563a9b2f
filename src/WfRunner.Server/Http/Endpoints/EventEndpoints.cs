using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using WfRunner.Core.Sessions;
using WfRunner.Server.Events;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Live events, as a stream of server-sent events.</summary>
internal static class EventEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var follow = new ApiOperation(
            "followEvents",
            HttpMethods.Get,
            "/api/events",
            "What changes from now on, or since a cursor, as server-sent events: attempt, session, task, log, schedule, project; reset first "
            + "when the cursor is too old, so that something may have been missed")
        {
            Tag = "events",
            Produces = ApiOperation.EventStream,
            Query = [Parameters.Since, Parameters.AttemptId, Parameters.ProjectId],
        };
        routes.Add(follow.Refusing(StatusCodes.Status503ServiceUnavailable).AsAddition(), r => FollowAsync(r, parts));
    }

    private static async Task FollowAsync(ApiRequest request, ServerParts parts)
    {
        var http = request.Http;
        var filter = new EventFilter(
            request.SiteId,
            request.QueryNumber(Parameters.ProjectId) is { } project ? new ProjectId(project) : null,
            request.QueryNumber(Parameters.AttemptId) is { } attempt ? new AttemptId(attempt) : null);
        var cursor = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : request.Query(Parameters.Since);
        http.Response.ContentType = ApiOperation.EventStream;
        http.Response.Headers.CacheControl = "no-cache";

        // Tells proxies that would collect the answer to pass it on.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        // A stream takes as long as somebody listens; that is no duration of a request.
        if (http.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
        {
            metrics.MetricsDisabled = true;
        }

        using var subscription = parts.Events.Subscribe(filter, cursor is { Length: > 0 } ? cursor : null)
            ?? throw new ApiException(
                StatusCodes.Status503ServiceUnavailable, "Too many clients follow the events of this server, or it stops; try again later");
        var stream = new EventStream(http, subscription, parts.Clock, parts.Timers);
        await stream.RunAsync().ConfigureAwait(false);
    }
}
