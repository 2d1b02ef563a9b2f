using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Triggers: which workflow starts after which. An addition to Digdag's API.</summary>
internal static class TriggerEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var list = ApiOperation.Get("triggers", "getTriggers", "/api/triggers", "Triggers of the latest revisions, by project and workflow", TriggerModels.Triggers);
        routes.Add(list.AsAddition(), r => ListAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts) => await request.AnswerAsync(
        TriggerModels.Triggers, await parts.Store.Triggers.ListAsync(request.SiteId, request.Cancellation).ConfigureAwait(false)).ConfigureAwait(false);
}
