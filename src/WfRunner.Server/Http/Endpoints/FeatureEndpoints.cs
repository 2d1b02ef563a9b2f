using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>What this server can do besides Digdag's API. A stock Digdag answers 404, and a client does without.</summary>
internal static class FeatureEndpoints
{
    /// <summary>Names of the additions, in the order they came.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "events", "openapi", "filters", "history", "overview", "admin-status", "metrics", "duration-filter", "leases", "task-durations", "check",
        "triggers", "pools", "queueing",
    ];

    public static void Map(ApiRoutes routes, string basePath)
    {
        var features = new ServerFeatures(Names, ServerVersion.Own, basePath);
        var operation = ApiOperation.Get("server", "getFeatures", "/api/features", "What this server can do besides Digdag's API", OverviewModels.Features);
        routes.Add(operation.AsAddition(), r => r.AnswerAsync(OverviewModels.Features, features));
    }
}
