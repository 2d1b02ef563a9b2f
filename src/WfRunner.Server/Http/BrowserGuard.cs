using System.Net;
using Microsoft.AspNetCore.Http;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http;

/// <summary>
/// Keeps pages of other sites from using the API through a visitor's browser. A page may send simple requests anywhere; what changes
/// something is refused when the browser says that another site made it. A page may also point a name of its own at this machine; where
/// nobody is asked for credentials, only names that are known to mean this server are answered.
/// </summary>
internal sealed class BrowserGuard(ServerSettings settings)
{
    private readonly bool _checksHost =
        !settings.Authentication.IsRequired && settings.Listen.IsLoopback && settings.AdminListen is not { IsLoopback: false };

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (_checksHost && !IsKnownHost(request.Host))
        {
            return ApiRequest.WriteErrorAsync(
                http,
                StatusCodes.Status421MisdirectedRequest,
                $"This server is not known by the name {request.Host.Host}. If it is reached through a proxy, set server.http.allowed-hosts to that name.");
        }

        if (!IsSafe(request.Method) && IsOfAnotherSite(request))
        {
            return ApiRequest.WriteErrorAsync(
                http,
                StatusCodes.Status403Forbidden,
                "Requests that change something are not taken from pages of other sites (server.http.allowed-origins names exceptions)");
        }

        return next(http);
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // Programs send neither header; browsers send the first one to this machine and over TLS, the second one everywhere.
    private bool IsOfAnotherSite(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (settings.Http.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        return request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "same-origin" or "none" => false,
            "" => origin.Length > 0 && !IsOwn(origin, request),
            _ => true,
        };
    }

    private static bool IsOwn(string origin, HttpRequest request)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri))
        {
            return false;
        }

        // A proxy in front may have changed the name; it says then which one the browser used.
        var forwarded = request.Headers["X-Forwarded-Host"].ToString().Split(',')[0].Trim();
        return IsSame(uri, request.Host) || (forwarded.Length > 0 && IsSame(uri, new HostString(forwarded)));
    }

    private static bool IsSame(Uri origin, HostString host) =>
        host.HasValue
        && origin.Host.Trim('[', ']').Equals(host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && origin.Port == (host.Port ?? (origin.Scheme == Uri.UriSchemeHttps ? 443 : 80));

    private bool IsKnownHost(HostString host)
    {
        var name = host.Host.Trim('[', ']');
        return name.Length == 0
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || name.Equals(settings.Listen.Host, StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name, out _)
            || settings.Http.AllowedHosts.Contains(name, StringComparer.OrdinalIgnoreCase);
    }
}
