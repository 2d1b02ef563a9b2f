using Microsoft.AspNetCore.Http;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Secrets;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Secrets of projects; values go in and never come out. Digdag behaviour: rest-api 7.4.</summary>
internal static class SecretEndpoints
{
    private const string Tag = "secrets";

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        const int NotFound = StatusCodes.Status404NotFound;
        var list = ApiOperation.Get(Tag, "getSecrets", "/api/projects/{id}/secrets", "Names of a project's secrets", ApiModels.Secrets);
        routes.Add(list.Refusing(NotFound), r => ListAsync(r, parts));
        var set = ApiOperation.Put(
            Tag, "putSecret", "/api/projects/{id}/secrets/{key}", "Creates or replaces a secret", ApiModels.Secret, RequestModels.Secret);
        routes.Add(set.Refusing(NotFound), r => SetAsync(r, parts));
        var delete = ApiOperation.Delete(Tag, "deleteSecret", "/api/projects/{id}/secrets/{key}", "Deletes a secret, if it exists", ApiModels.Secret);
        routes.Add(delete.Refusing(NotFound), r => DeleteAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        var keys = await parts.Secrets.ListKeysAsync(project.Id, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Secrets, keys).ConfigureAwait(false);
    }

    private static async Task SetAsync(ApiRequest request, ServerParts parts)
    {
        var key = request.PathText("key");
        var value = (await request.ReadJsonAsync().ConfigureAwait(false)).Text(RequestModels.SecretValue);
        if (!SecretRules.IsKey(key) || !SecretRules.IsValue(value))
        {
            throw Invalid();
        }

        var project = await parts.Store.ProjectAsync(request).ConfigureAwait(false);
        await parts.Secrets.SetAsync(project.Id, key, value, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.Secret, (key, project)).ConfigureAwait(false);
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
        await request.AnswerAsync(ApiModels.Secret, (key, project)).ConfigureAwait(false);
    }

    private static ApiException Invalid() => new(StatusCodes.Status400BadRequest, "Invalid secret");
}
