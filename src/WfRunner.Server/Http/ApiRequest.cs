using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Server.Http.Models;
using WfRunner.Server.Http.Schemas;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Http;

/// <summary>One request to the API: its parameters and bodies in, its answer out. Digdag behaviour: rest-api 1 and 3.</summary>
internal sealed class ApiRequest(HttpContext http, ApiOperation operation)
{
    private const long MaximumJsonBody = 16 * 1024 * 1024;

    private const string WrongContentType = "Cannot consume content type";

    public HttpContext Http => http;

    public CancellationToken Cancellation => http.RequestAborted;

    /// <summary>The user, as the authentication found out.</summary>
    public ApiUser User => http.Features.Get<ApiUser>() ?? ApiUser.Anonymous;

    /// <summary>The user's tenant.</summary>
    public int SiteId => User.SiteId;

    /// <summary>A number in the path; what is none leads nowhere.</summary>
    public long PathId(string name = "id") =>
        long.TryParse((string?)http.Request.RouteValues[name], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new ApiException(StatusCodes.Status404NotFound, "Resource does not exist: " + http.Request.Path);

    /// <summary>A name in the path. A slash arrives still encoded.</summary>
    public string PathText(string name) =>
        ((string)http.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A query parameter; null when it is absent.</summary>
    public string? Query(QueryParameter parameter) => Values(parameter) is [var first, ..] ? first : null;

    /// <summary>All values of a query parameter.</summary>
    public IReadOnlyList<string> QueryAll(QueryParameter parameter) => [.. Values(parameter).OfType<string>()];

    public string RequiredQuery(QueryParameter parameter) => Query(parameter) is { Length: > 0 } value
        ? value
        : throw new ApiException(StatusCodes.Status400BadRequest, $"{parameter.Name}= is required");

    public long? QueryNumber(QueryParameter parameter)
    {
        if (Query(parameter) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw new ApiException(StatusCodes.Status400BadRequest, $"{parameter.Name}= must be a number of at least 0: {text}");
    }

    /// <summary>A time with an offset.</summary>
    public Instant? QueryTime(QueryParameter parameter) => Query(parameter) is { Length: > 0 } text
        ? ApiTime.ReadInstant(text)
            ?? throw new ApiException(StatusCodes.Status400BadRequest, $"{parameter.Name}= must be a time such as 2026-01-02T03:04:05Z: {text}")
        : null;

    /// <summary>A duration with units, or a number of seconds.</summary>
    public Duration? QueryDuration(QueryParameter parameter)
    {
        if (Query(parameter) is not { Length: > 0 } text)
        {
            return null;
        }

        return DurationText.TryParse(text, out var duration) || DurationText.TryParse(text + "s", out duration)
            ? duration
            : throw new ApiException(StatusCodes.Status400BadRequest, $"{parameter.Name}= must be a duration such as 90s or 1h 30m: {text}");
    }

    /// <summary>Only <c>true</c> is true, in any case.</summary>
    public bool QueryFlag(QueryParameter parameter) => string.Equals(Query(parameter), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the client takes addresses that lead to files without the server; anything but <c>true</c> says that it does not.</summary>
    public bool WantsDirectDownload => Query(Parameters.DirectDownload) is null || QueryFlag(Parameters.DirectDownload);

    /// <summary>
    /// Refuses who is no admin. Where nobody is asked for a password nobody is an admin; whoever sits at the machine itself could read
    /// the configuration anyway.
    /// </summary>
    public void RequireAdmin(ServerSettings settings)
    {
        var isAtTheMachine = !settings.Authentication.IsRequired
            && http.Connection.RemoteIpAddress is { } peer
            && IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);
        if (!User.IsAdmin && !isAtTheMachine)
        {
            throw new ApiException(StatusCodes.Status403Forbidden, "Only an admin may do this");
        }
    }

    /// <summary>The size of a page.</summary>
    public int PageSize(int maximum)
    {
        var size = QueryNumber(Parameters.PageSize);
        return size > maximum
            ? throw new ApiException(
                StatusCodes.Status400BadRequest,
                $"Your specified page_size is Optional.of({size}), but it is larger than MAX_PAGE_SIZE: {maximum}. You must specify page_size with a number which is smaller than {maximum}.")
            : (int)(size ?? Math.Min(100, maximum));
    }

    /// <summary>The body, decoded when it came compressed.</summary>
    public Stream OpenBody(long? maximumSize)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maximumSize;
        }

        return http.Request.Headers.ContentEncoding.ToString() switch
        {
            "gzip" => new GZipStream(http.Request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(http.Request.Body, CompressionMode.Decompress),
            _ => http.Request.Body,
        };
    }

    /// <summary>Refuses a body of another type.</summary>
    public void RequireContentType(string type)
    {
        if (!HasContentType(type))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, WrongContentType);
        }
    }

    /// <summary>Reads a JSON object.</summary>
    public async Task<RequestBody> ReadJsonAsync()
    {
        RequireContentType("application/json");
        var body = Object(await ReadBodyAsync().ConfigureAwait(false))
            ?? throw NoObject();
        return new RequestBody(body, operation.Body!);
    }

    /// <summary>Reads a JSON object where a body may be left out, whatever its type says then.</summary>
    public async Task<RequestBody> ReadOptionalJsonAsync()
    {
        var body = await ReadBodyAsync().ConfigureAwait(false);
        if (body.Length > 0)
        {
            RequireContentType("application/json");
        }

        return new RequestBody(Object(body) ?? (body.Length == 0 ? ConfigMap.Empty : throw NoObject()), operation.Body!);
    }

    /// <summary>Answers with a value, as its model shows it.</summary>
    public Task AnswerAsync<T>(Model<T> model, T value, int status = StatusCodes.Status200OK) => WriteAsync(http, model.Show(value), status);

    /// <summary>Answers with JSON.</summary>
    public Task AnswerAsync(ConfigValue value, int status = StatusCodes.Status200OK) => WriteAsync(http, value, status);

    /// <summary>Answers with a gzip file. It is not compressed once more.</summary>
    public async Task AnswerGzipAsync(Stream content)
    {
        http.Response.ContentType = "application/gzip";
        await content.CopyToAsync(http.Response.Body, Cancellation).ConfigureAwait(false);
    }

    /// <summary>Answers with an error as the API writes errors.</summary>
    public static Task WriteErrorAsync(HttpContext http, int status, string message) =>
        WriteAsync(http, ApiModels.Error.Show((message, status)), status);

    private static async Task WriteAsync(HttpContext http, ConfigValue value, int status)
    {
        var body = Encoding.UTF8.GetBytes(ConfigJson.Write(value));
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.Append("Vary", "Accept-Encoding");
        var accepted = http.Request.Headers.AcceptEncoding.ToString();

        // Clients of Digdag offer deflate and cannot read it, so gzip wins wherever it is offered.
        if (Offers(accepted, "gzip"))
        {
            body = Compress(body, s => new GZipStream(s, CompressionLevel.Fastest, leaveOpen: true));
            response.Headers.ContentEncoding = "gzip";
        }
        else if (Offers(accepted, "deflate"))
        {
            body = Compress(body, s => new ZLibStream(s, CompressionLevel.Fastest, leaveOpen: true));
            response.Headers.ContentEncoding = "deflate";
        }
        else if (Offers(accepted, "identity"))
        {
            // Superfluous, but what Digdag answers to it.
            response.Headers.ContentEncoding = "identity";
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(body, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static bool Offers(string accepted, string encoding) => accepted.Split(',').Select(p => p.Split(';')).Any(
        p => p[0].Trim().Equals(encoding, StringComparison.OrdinalIgnoreCase) && !p.Skip(1).Any(q => q.Trim() is "q=0" or "q=0.0"));

    private static byte[] Compress(byte[] body, Func<Stream, Stream> open)
    {
        using var compressed = new MemoryStream();
        using (var stream = open(compressed))
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }

    private StringValues Values(QueryParameter parameter) => operation.Query.Contains(parameter)
        ? http.Request.Query[parameter.Name]
        : throw new InvalidOperationException($"{operation.Id} does not declare {parameter.Name}");

    private bool HasContentType(string type) =>
        http.Request.ContentType?.Split(';')[0].Trim().Equals(type, StringComparison.OrdinalIgnoreCase) == true;

    private static ApiException NoObject() => new(StatusCodes.Status400BadRequest, "The request needs a JSON object as its body");

    private async Task<byte[]> ReadBodyAsync()
    {
        try
        {
            return await CopyBodyAsync().ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "The body is not what Content-Encoding says: " + e.Message);
        }
    }

    private async Task<byte[]> CopyBodyAsync()
    {
        using var copy = new MemoryStream();
        var body = OpenBody(MaximumJsonBody);
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, Cancellation).ConfigureAwait(false) is var count and > 0)
        {
            copy.Write(buffer, 0, count);
            if (copy.Length > MaximumJsonBody)
            {
                throw new ApiException(StatusCodes.Status400BadRequest, $"The request's body exceeds {MaximumJsonBody} bytes");
            }
        }

        return copy.ToArray();
    }

    private static ConfigMap? Object(byte[] body)
    {
        try
        {
            return body.Length == 0 ? null : ConfigJson.Parse(body) as ConfigMap;
        }
        catch (JsonException e)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "Malformed JSON: " + e.Message);
        }
    }
}
