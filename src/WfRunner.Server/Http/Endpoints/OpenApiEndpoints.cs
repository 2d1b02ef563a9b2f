using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Server.Http.OpenApi;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>The API's description of itself.</summary>
internal static class OpenApiEndpoints
{
    /// <summary>Adds them. To be called last: what is added later is not described.</summary>
    public static void Map(ApiRoutes routes)
    {
        var description = new Lazy<ConfigMap>(() => OpenApiDocument.Of(routes.Operations));
        var operation = new ApiOperation("getOpenApi", HttpMethods.Get, "/api/openapi.json", "This description")
        {
            Tag = "server",
            Answer = Schema.AnyObject,
        };
        routes.Add(operation.AsAddition(), r => r.AnswerAsync(description.Value));
    }
}
