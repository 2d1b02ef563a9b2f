using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Runtime.Tasks;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Settings;
using WfRunner.Storage.Overview;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>The admin API. Digdag behaviour: rest-api 7.9, on the admin listener only; the status is an addition.</summary>
internal static class AdminEndpoints
{
    private const int AttemptsShown = 100;

    public static void Map(ApiRoutes routes, ServerParts parts, Func<HttpContext, bool> isAdminListener)
    {
        var userInfo = new ApiOperation(
            "getAttemptUserInfo", HttpMethods.Get, "/api/admin/attempts/{id}/userinfo", "Who pushed the revision of an attempt; on the admin listener only")
        {
            Tag = "admin",
            Answer = Schema.AnyObject,
        };
        routes.Add(userInfo.Refusing(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound), r => UserInfoAsync(r, parts, isAdminListener));
        var status = ApiOperation.Get(
            "admin", "getServerStatus", "/api/admin/status", "How the server is set up and what it does", OverviewModels.ServerStatus);
        routes.Add(status.Refusing(StatusCodes.Status403Forbidden).AsAddition(), r => StatusAsync(r, parts));
    }

    private static async Task StatusAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireAdmin(parts.Settings);
        var store = parts.Store.Overview;
        var settings = parts.Settings;
        var now = parts.Clock.GetCurrentInstant();
        var attempts = await store.CountAttemptsAsync(request.SiteId, now, request.Cancellation).ConfigureAwait(false);
        var nodes = await OverviewEndpoints.NodesAsync(request, parts).ConfigureAwait(false);
        var held = await store.ListHeldAsync(AttemptsShown, request.Cancellation).ConfigureAwait(false);
        var queued = await store.ListQueuedAsync(request.SiteId, AttemptsShown, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(
            OverviewModels.ServerStatus,
            new ServerStatus
            {
                StartedAt = parts.StartedAt,
                Node = parts.Node.Name,
                Store = settings.Database.GetType().Name.ToLowerInvariant(),
                StoreVersion = await store.SchemaVersionAsync(request.Cancellation).ConfigureAwait(false),
                Attempts = attempts,
                Nodes = nodes,

                // Read one after the other: what began or ended in between must not make a total smaller than its list.
                Leases = new Oldest<HeldAttempt>(Math.Max(nodes.Sum(n => n.Attempts), held.Count), held),
                Queue = new Oldest<QueuedAttempt>(Math.Max(attempts.Queued, queued.Count), queued),
                Followers = parts.Events.Followers,
                Limits = ConfigMap.Of(
                    ("executor.attempt_max_run", (long)settings.MaximumAttempts),
                    ("executor.task_max_run", (long)TaskLimit.Of(settings.SystemConfig)),
                    ("agent.max-task-threads", (long)settings.MaximumTaskThreads),
                    ("api.max_archive_total_size_limit", settings.MaximumArchiveSize),
                    ("api.max_attempts_page_size", (long)settings.MaximumAttemptPage),
                    ("api.max_sessions_page_size", (long)settings.MaximumSessionPage)),
                Settings = SettingMask.Show(settings.SystemConfig),
            }).ConfigureAwait(false);
    }

    private static async Task UserInfoAsync(ApiRequest request, ServerParts parts, Func<HttpContext, bool> isAdminListener)
    {
        if (!isAdminListener(request.Http))
        {
            throw new ApiException(StatusCodes.Status404NotFound, "Resource does not exist: " + request.Http.Request.Path);
        }

        if (!request.User.IsAdmin)
        {
            throw new ApiException(StatusCodes.Status403Forbidden, "Only an admin may see this");
        }

        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var revision = await parts.Store.Projects.FindRevisionAsync(attempt.ProjectId, attempt.RevisionName, request.Cancellation)
            .ConfigureAwait(false) ?? throw new ApiException(StatusCodes.Status404NotFound, "Revision is not stored");
        await request.AnswerAsync(revision.UserInfo).ConfigureAwait(false);
    }
}
