using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Version. Digdag behaviour: rest-api 7.1.</summary>
internal static class VersionEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Get("/api/version", r => r.AnswerAsync(ConfigMap.Of(("version", ServerVersion.Compatible))));
        routes.Get("/api/version/check", r => CheckAsync(r, parts));
    }

    private static Task CheckAsync(ApiRequest request, ServerParts parts)
    {
        var client = ClientVersion.Parse(request.RequiredQuery("client"));
        return request.AnswerAsync(ConfigMap.Of(
            ("serverVersion", ServerVersion.Compatible),
            ("upgradeRecommended", IsOlder(parts.Settings.UpgradeRecommendedBelow)),
            ("apiCompatible", !IsOlder(parts.Settings.IncompatibleBelow))));

        bool IsOlder(string? threshold) => threshold is not null && client.CompareTo(ClientVersion.Parse(threshold)) < 0;
    }
}
