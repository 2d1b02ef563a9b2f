using WfRunner.Core.Config;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Task logs. Digdag behaviour: rest-api 7.8.</summary>
internal static class LogEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        routes.Get("/api/logs/{id}/files", r => ListAsync(r, parts));
        routes.GetGzip("/api/logs/{id}/files/{fileName}", r => ReadAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var files = parts.Logs.List(attempt.ToInfo(ConfigMap.Empty), request.Query("task"));
        await request.AnswerAsync(ApiModels.Collection("files", files, ApiModels.LogFile)).ConfigureAwait(false);
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var file = parts.Logs.Read(attempt.ToInfo(ConfigMap.Empty), request.PathText("fileName"));
        await using (file.ConfigureAwait(false))
        {
            await request.AnswerGzipAsync(file).ConfigureAwait(false);
        }
    }
}
