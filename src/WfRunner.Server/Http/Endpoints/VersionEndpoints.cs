using Microsoft.AspNetCore.Http;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Version. Digdag behaviour: rest-api 7.1.</summary>
internal static class VersionEndpoints
{
    private const string Tag = "version";

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var version = new ApiOperation("getVersion", HttpMethods.Get, "/api/version", "The version whose API is spoken")
        {
            Tag = Tag,
            Answer = Schema.Reference(ApiModels.Version),
            IsOpen = true,
        };
        routes.Add(version, r => r.AnswerAsync(ApiModels.Version, ServerVersion.Compatible));
        var check = ApiOperation.Get(
            Tag, "checkClientVersion", "/api/version/check", "Whether a client suits the server", ApiModels.VersionCheck, Parameters.Client);
        routes.Add(check, r => CheckAsync(r, parts));
    }

    private static Task CheckAsync(ApiRequest request, ServerParts parts)
    {
        var client = ClientVersion.Parse(request.RequiredQuery(Parameters.Client));
        return request.AnswerAsync(
            ApiModels.VersionCheck,
            new VersionCheck(
                ServerVersion.Compatible,
                IsOlder(parts.Settings.UpgradeRecommendedBelow),
                !IsOlder(parts.Settings.IncompatibleBelow)));

        bool IsOlder(string? threshold) => threshold is not null && client.CompareTo(ClientVersion.Parse(threshold)) < 0;
    }
}
