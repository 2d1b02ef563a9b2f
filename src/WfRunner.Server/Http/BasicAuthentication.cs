using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http;

/// <summary>
/// Lets only the one configured user in. Digdag behaviour: rest-api 2; what is no basic header is refused rather than a fault.
/// Credentials are compared in constant time.
/// </summary>
internal sealed class BasicAuthentication(BasicCredentials credentials)
{
    private const string Scheme = "Basic ";
    private const string OpenPath = "/api/version";

    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}"));

    /// <summary>Lets a request in or answers it.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!NeedsUser(http.Request))
        {
            return next(http);
        }

        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return RefuseAsync(http, "Missing Authorization header");
        }

        if (!IsExpected(header))
        {
            return RefuseAsync(http, "unauthorized");
        }

        http.Features.Set(new ApiUser(credentials.UserName, ApiUser.Anonymous.SiteId, credentials.IsAdmin));
        return next(http);
    }

    private static bool NeedsUser(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && request.Path != OpenPath
        && !HttpMethods.IsOptions(request.Method)
        && !HttpMethods.IsTrace(request.Method);

    private bool IsExpected(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var given = new byte[header.Length];
        return Convert.TryFromBase64String(header[Scheme.Length..].Trim(), given, out var length)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(given.AsSpan(0, length)), _expected);
    }

    private static Task RefuseAsync(HttpContext http, string message)
    {
        // The web UI asks for the password itself; with this header the browser would put its own prompt in front.
        if (http.Request.Headers.XRequestedWith != "XMLHttpRequest")
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"digdag\"";
        }

        return ApiRequest.WriteErrorAsync(http, StatusCodes.Status401Unauthorized, message);
    }
}
