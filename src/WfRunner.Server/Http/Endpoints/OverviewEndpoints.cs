using NodaTime;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>How the server is doing at a glance.</summary>
internal static class OverviewEndpoints
{
    private const int SchedulesShown = 10;

    // A schedule is late when it is due for longer than any wake-up takes.
    private static readonly Duration LateAfter = Duration.FromMinutes(1);

    private static readonly Duration FailuresShown = Duration.FromHours(24);

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var overview = ApiOperation.Get("server", "getOverview", "/api/overview", "How the server is doing", OverviewModels.Overview);
        routes.Add(overview.AsAddition(), r => ReadAsync(r, parts));
    }

    /// <summary>The nodes that run attempts, and this one.</summary>
    public static async Task<IReadOnlyList<NodeStatus>> NodesAsync(ApiRequest request, ServerParts parts)
    {
        var nodes = (await parts.Store.Overview.ListNodesAsync(request.Cancellation).ConfigureAwait(false))
            .Select(n => new NodeStatus(n.Name, n.Name == parts.Node.Name ? parts.StartedAt : n.OldestLease, n.Attempts, n.Tasks))
            .ToList();
        if (!nodes.Exists(n => n.Name == parts.Node.Name))
        {
            nodes.Add(new NodeStatus(parts.Node.Name, parts.StartedAt, 0, 0));
        }

        return nodes;
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts)
    {
        var store = parts.Store.Overview;
        var now = parts.Clock.GetCurrentInstant();
        await request.AnswerAsync(
            OverviewModels.Overview,
            new ServerOverview(
                await store.CountAttemptsAsync(request.SiteId, now - FailuresShown, request.Cancellation).ConfigureAwait(false),
                await store.CountDueSchedulesAsync(request.SiteId, now - LateAfter, request.Cancellation).ConfigureAwait(false),
                await store.ListNextSchedulesAsync(request.SiteId, SchedulesShown, request.Cancellation).ConfigureAwait(false),
                await NodesAsync(request, parts).ConfigureAwait(false))).ConfigureAwait(false);
    }
}
