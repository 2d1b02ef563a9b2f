using Microsoft.AspNetCore.Http;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http;

/// <summary>
/// Headers of every answer of the API: the configured ones, and those that let pages of other sites read. Digdag behaviour: rest-api 1.4,
/// where any page may read as soon as Swagger is on; a list of origins is an addition.
/// </summary>
internal sealed class ApiHeaders(ServerSettings settings)
{
    private const string AllowedHeaders = "origin, content-type, accept, authorization";
    private const string AllowedMethods = "GET, POST, PUT, DELETE, OPTIONS, HEAD";
    private const string Age = "1209600";

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            if (AllowedOrigin(http.Request) is { } origin)
            {
                headers.AccessControlAllowOrigin = origin;
                headers.AccessControlAllowHeaders = AllowedHeaders;
                headers.AccessControlAllowCredentials = "true";
                headers.AccessControlAllowMethods = AllowedMethods;
                headers.AccessControlMaxAge = Age;
                if (origin != "*")
                {
                    headers.Append("Vary", "Origin");
                }
            }

            foreach (var (name, value) in settings.ResponseHeaders)
            {
                headers[name] = value;
            }
        }

        return next(http);
    }

    private string? AllowedOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && settings.Http.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            ? origin
            : settings.Http.HasSwagger ? "*" : null;
    }
}
