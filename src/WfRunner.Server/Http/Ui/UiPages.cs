using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using WfRunner.Core.Config;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http.Ui;

/// <summary>
/// Answers what is no API path: files of the web UI, and its page for every other address, so that links into it work. Needs no
/// login; the page asks for one when the API refuses. Digdag behaviour: ui 1 and rest-api 9; better than there: cached by
/// content, a strict content security policy, and any base path.
/// </summary>
internal sealed class UiPages(UiSettings settings, string basePath)
{
    private const string ConfigScript = "config.js";

    // Scripts and styles come from this server alone and never from the page itself.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "worker-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private readonly UiAssets _assets = new();

    /// <summary>Answers a request or passes it on.</summary>
    /// <param name="http">The request.</param>
    /// <param name="next">Who answers API paths.</param>
    /// <returns>A task that ends with the answer.</returns>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            || HttpMethods.IsOptions(request.Method)
            || HttpMethods.IsTrace(request.Method))
        {
            return next(http);
        }

        // Other paths of the server itself, such as metrics, have routes.
        if (http.GetEndpoint() is not null)
        {
            return next(http);
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            throw new ApiException(StatusCodes.Status405MethodNotAllowed, $"{request.Method} is not allowed on {request.Path}");
        }

        var name = request.Path.Value!.TrimStart('/');
        if (name == ConfigScript)
        {
            return WriteAsync(http, Encoding.UTF8.GetBytes(Configuration()), "text/javascript; charset=utf-8");
        }

        if (name.Length > 0 && name != UiAssets.Index && _assets.Find(name) is { } asset)
        {
            return WriteAsync(http, asset);
        }

        // A hashed file of another build must not be answered with a page: the browser would run it as a script.
        return name.StartsWith("assets/", StringComparison.Ordinal) ? next(http) : WriteIndexAsync(http);
    }

    private static void AddSafety(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
    }

    private static async Task WriteAsync(HttpContext http, byte[] bytes, string type)
    {
        AddSafety(http.Response);
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        http.Response.Headers.CacheControl = "no-cache";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(HttpContext http, UiAsset asset)
    {
        var response = http.Response;
        AddSafety(response);
        response.Headers.ETag = asset.EntityTag;
        response.Headers.CacheControl = asset.IsImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (http.Request.Headers.IfNoneMatch.ToString().Contains(asset.EntityTag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = asset.ContentType;
        var (bytes, encoding) = Encode(asset, http.Request.Headers.AcceptEncoding.ToString());
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
        }

        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static (byte[] Bytes, string? Encoding) Encode(UiAsset asset, string accepted)
    {
        if (Offers(accepted, "br"))
        {
            return (asset.Brotli, "br");
        }

        return Offers(accepted, "gzip") ? (asset.Gzip, "gzip") : (Unpack(asset.Gzip), null);
    }

    private static bool Offers(string accepted, string encoding) => accepted.Split(',').Any(part =>
    {
        var words = part.Split(';', StringSplitOptions.TrimEntries);
        return words[0].Equals(encoding, StringComparison.OrdinalIgnoreCase) && !words.Skip(1).Any(w => w is "q=0" or "q=0.0" or "q=0.00" or "q=0.000");
    });

    private static byte[] Unpack(byte[] gzip)
    {
        using var from = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        using var to = new MemoryStream();
        from.CopyTo(to);
        return to.ToArray();
    }

    private Task WriteIndexAsync(HttpContext http)
    {
        if (_assets.Find(UiAssets.Index) is not { } index)
        {
            throw new ApiException(StatusCodes.Status404NotFound, "This program was built without the web UI");
        }

        // The base of all relative addresses is the only thing in the page that depends on the settings. It holds no special characters.
        var page = Encoding.UTF8.GetString(Unpack(index.Gzip)).Replace("<base href=\"/\"", $"<base href=\"{basePath}\"", StringComparison.Ordinal);
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XFrameOptions = "DENY";
        return WriteAsync(http, Encoding.UTF8.GetBytes(page), index.ContentType);
    }

    private string Configuration()
    {
        var config = ConfigMap.Of(("url", basePath + "api/"));
        if (settings.Title is { } title)
        {
            config = config.With("title", title).With("navbar", ConfigMap.Of(("brand", title)));
        }

        if (settings.JobLink is { } link)
        {
            config = config.With("td", ConfigMap.Of(("jobUrl", link)));
        }

        return $"window.DIGDAG_CONFIG = {ConfigJson.Write(config)};\n";
    }
}
