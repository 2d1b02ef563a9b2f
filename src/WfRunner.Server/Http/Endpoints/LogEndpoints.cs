using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Task logs. Digdag behaviour: rest-api 7.8.</summary>
internal static class LogEndpoints
{
    private const string Tag = "logs";

    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        const int NotFound = StatusCodes.Status404NotFound;
        var list = ApiOperation.Get(
            Tag, "getLogFiles", "/api/logs/{id}/files", "Log files of an attempt", ApiModels.LogFiles, Parameters.Task, Parameters.DirectDownload);
        routes.Add(list.Refusing(NotFound), r => ListAsync(r, parts));
        var file = ApiOperation.GetGzip(Tag, "getLogFile", "/api/logs/{id}/files/{fileName}", "A log file; it may still grow");
        routes.Add(file.Refusing(NotFound), r => ReadAsync(r, parts));
    }

    private static async Task ListAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var files = await parts.Logs.ListAsync(
            attempt.ToInfo(ConfigMap.Empty), request.Query(Parameters.Task), request.WantsDirectDownload, request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(ApiModels.LogFiles, files).ConfigureAwait(false);
    }

    private static async Task ReadAsync(ApiRequest request, ServerParts parts)
    {
        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var file = await parts.Logs.ReadAsync(attempt.ToInfo(ConfigMap.Empty), request.PathText("fileName"), request.Cancellation).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            await request.AnswerGzipAsync(file).ConfigureAwait(false);
        }
    }
}
