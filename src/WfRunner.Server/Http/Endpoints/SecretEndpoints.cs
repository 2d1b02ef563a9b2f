using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Server.Secrets;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Secrets of projects; values go in and never come out. Digdag behaviour: rest-api 7.4.</summary>
internal static class SecretEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Get("/api/projects/{id}/secrets", r => ListAsync(r, parts));
        routes.Put("/api/projects/{id}/secrets/{key}", r => SetAsync(r, parts));
        routes.Delete("/api/projects/{id}/secrets/{key}", r => DeleteAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var keys = await parts.Secrets.ListKeysAsync(project.Id, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Collection("secrets", keys, key => ConfigMap.Of(("key", key)))).ConfigureAwait(false);
    }

    private static async Task SetAsync(ApiRequest request, ServerParts parts)
    {
        var key = request.PathText("key");
        var value = (await request.ReadJsonAsync().ConfigureAwait(false)).Text("value");
        if (!SecretRules.IsKey(key) || !SecretRules.IsValue(value))
        {
            throw Invalid();
        }

        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        await parts.Secrets.SetAsync(project.Id, key, value, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(Secret(key, ApiModels.IdAndName(project.Id, project.Name))).ConfigureAwait(false);
    }

    private static async Task DeleteAsync(ApiRequest request, ServerParts parts)
    {
        var key = request.PathText("key");
        if (!SecretRules.IsKey(key))
        {
            throw Invalid();
        }

        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        await parts.Secrets.DeleteAsync(project.Id, key, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(Secret(key, ApiModels.IdAndName(project.Id, project.Name))).ConfigureAwait(false);
    }

    private static ConfigMap Secret(string key, ConfigMap project) => ConfigMap.Of(("key", key), ("project", project));

    private static ApiException Invalid() => new(StatusCodes.Status400BadRequest, "Invalid secret");
}
