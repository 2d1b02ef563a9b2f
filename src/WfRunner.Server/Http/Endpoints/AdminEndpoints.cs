using Microsoft.AspNetCore.Http;
using WfRunner.Server.Http.Schemas;

namespace WfRunner.Server.Http.Endpoints;

/// <summary>The admin API; it exists on the admin listener only. Digdag behaviour: rest-api 7.9.</summary>
internal static class AdminEndpoints
{
    public static void Map(ApiRoutes routes, ServerParts parts, Func<HttpContext, bool> isAdminListener)
    {
        var userInfo = new ApiOperation(
            "getAttemptUserInfo", HttpMethods.Get, "/api/admin/attempts/{id}/userinfo", "Who pushed the revision of an attempt; on the admin listener only")
        {
            Tag = "admin",
            Answer = Schema.AnyObject,
        };
        routes.Add(userInfo.Refusing(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound), r => UserInfoAsync(r, parts, isAdminListener));
    }

    private static async Task UserInfoAsync(ApiRequest request, ServerParts parts, Func<HttpContext, bool> isAdminListener)
    {
        if (!isAdminListener(request.Http))
        {
            throw new ApiException(StatusCodes.Status404NotFound, "Resource does not exist: " + request.Http.Request.Path);
        }

        if (!request.User.IsAdmin)
        {
            throw new ApiException(StatusCodes.Status403Forbidden, "Only an admin may see this");
        }

        var attempt = await parts.Store.AttemptAsync(request).ConfigureAwait(false);
        var revision = await parts.Store.Projects.FindRevisionAsync(attempt.ProjectId, attempt.RevisionName, request.Cancellation)
            .ConfigureAwait(false) ?? throw new ApiException(StatusCodes.Status404NotFound, "Revision is not stored");
        await request.AnswerAsync(revision.UserInfo).ConfigureAwait(false);
    }
}
