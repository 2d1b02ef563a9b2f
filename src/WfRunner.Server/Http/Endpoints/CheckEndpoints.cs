using Microsoft.AspNetCore.Http;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>Checks of projects before they are pushed. An addition to Digdag's API.</summary>
internal static class CheckEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts)
    {
        var check = new ApiOperation(
            "checkProject", HttpMethods.Post, "/api/check", "What is wrong with a project, without storing it: the findings of wf check")
        {
            Tag = "projects",
            Query = [Parameters.CheckedProject],
            BinaryBody = ApiOperation.Gzip,
            Answer = Schema.Reference(CheckModels.Report),
        };
        routes.Add(check.AsAddition(), r => CheckAsync(r, parts));
    }

    private static async Task CheckAsync(ApiRequest request, ServerParts parts)
    {
        request.RequireContentType(ApiOperation.Gzip);
        var report = await parts.Checkup.CheckAsync(
            request.OpenBody(maximumSize: null), request.Query(Parameters.CheckedProject), request.Cancellation).ConfigureAwait(false);
        await request.AnswerAsync(CheckModels.Report, report).ConfigureAwait(false);
    }
}
