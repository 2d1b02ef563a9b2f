using System.Text;
using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Core.Dig.Yaml;
using WfRunner.Server.Http.OpenApi;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>The API's description of itself, and the same in Swagger's older form where it is switched on (rest-api 7.10).</summary>
internal static class OpenApiEndpoints
{
    private const string Tag = "server";
    private const string Yaml = "application/yaml";

    /// <summary>Adds them. To be called last: what is added later is not described.</summary>
    public static void Map(ApiRoutes routes, bool hasSwagger)
    {
        var description = new Lazy<ConfigMap>(() => OpenApiDocument.Of(routes.Operations));
        routes.Add(Describe("getOpenApi", "/api/openapi.json", "This description").AsAddition(), r => r.AnswerAsync(description.Value));
        if (hasSwagger)
        {
            var swagger = new Lazy<ConfigMap>(() => SwaggerDocument.Of(description.Value));
            routes.Add(Describe("getSwaggerJson", "/api/swagger.json", "This description in Swagger 2.0"), r => r.AnswerAsync(swagger.Value));
            var yaml = new ApiOperation("getSwaggerYaml", HttpMethods.Get, "/api/swagger.yaml", "This description in Swagger 2.0, as YAML")
            {
                Tag = Tag,
                Produces = Yaml,
            };
            routes.Add(yaml, r => AnswerYamlAsync(r, swagger.Value));
        }
    }

    private static ApiOperation Describe(string id, string path, string summary) =>
        new(id, HttpMethods.Get, path, summary) { Tag = Tag, Answer = Schema.AnyObject };

    private static Task AnswerYamlAsync(ApiRequest request, ConfigMap document)
    {
        request.Http.Response.ContentType = Yaml;
        return request.Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(YamlWriter.Write(document)), request.Cancellation).AsTask();
    }
}
