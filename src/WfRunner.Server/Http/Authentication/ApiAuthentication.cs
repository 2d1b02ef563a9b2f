using Microsoft.AspNetCore.Http;
using WfRunner.Server.Http.Endpoints;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http.Authentication;

/// <summary>
/// Lets only those in who are configured. Digdag behaviour: rest-api 2; what is no header of a known kind is refused rather than a fault.
/// There are no sessions and no cookies: every request carries its credentials, so no other site can borrow them.
/// </summary>
internal sealed class ApiAuthentication(AuthenticationSettings settings, bool hasPublicMetrics)
{
    private const string OpenPath = "/api/version";

    private readonly CredentialCheck _check = new(settings);
    private readonly string _challenge = settings.Tokens.Count == 0
        ? "Basic realm=\"digdag\", charset=\"UTF-8\""
        : "Basic realm=\"digdag\", charset=\"UTF-8\", Bearer realm=\"digdag\"";

    /// <summary>Lets a request in or answers it.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (NeedsUser(http.Request))
        {
            var header = http.Request.Headers.Authorization.ToString();
            if (header.Length == 0)
            {
                await RefuseAsync(http, "Missing Authorization header").ConfigureAwait(false);
                return;
            }

            if (await _check.FindAsync(header, http.RequestAborted).ConfigureAwait(false) is not { } user)
            {
                await RefuseAsync(http, "unauthorized").ConfigureAwait(false);
                return;
            }

            http.Features.Set(user);
        }

        await next(http).ConfigureAwait(false);
    }

    private bool NeedsUser(HttpRequest request) =>
        (request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            || (request.Path.StartsWithSegments(MetricsEndpoints.Path, StringComparison.OrdinalIgnoreCase) && !hasPublicMetrics))
        && request.Path != OpenPath
        && !HttpMethods.IsOptions(request.Method)
        && !HttpMethods.IsTrace(request.Method);

    private Task RefuseAsync(HttpContext http, string message)
    {
        // The web UI asks for the password itself; with this header the browser would put its own prompt in front.
        if (http.Request.Headers.XRequestedWith != "XMLHttpRequest")
        {
            http.Response.Headers.WWWAuthenticate = _challenge;
        }

        return ApiRequest.WriteErrorAsync(http, StatusCodes.Status401Unauthorized, message);
    }
}
