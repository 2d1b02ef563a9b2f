using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Tests.Shared;

/// <summary>
/// Stands in for Google Cloud Storage, which has no server to install: one bucket, spoken to by its JSON interface with the token of the
/// service account whose signature it has checked, and by signed addresses, whose signatures it checks as well.
/// </summary>
internal sealed class GcsServer : IDisposable
{
    public const string Bucket = "data";

    private const int PageSize = 2;

    private readonly GoogleAccount _account = new();
    private readonly HttpListener _listener;
    private readonly Task _loop;

    public GcsServer()
    {
        (_listener, var port) = LoopbackListener.Open();
        Address = $"http://127.0.0.1:{port}";
        _loop = ServeAsync();
    }

    public string Address { get; }

    public ConcurrentDictionary<string, (byte[] Content, DateTime Time)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Statuses that the next requests are answered with, whatever they ask.</summary>
    public ConcurrentQueue<int> Failures { get; } = new();

    /// <summary>Whether what is stored is another thing than what was sent.</summary>
    public bool Damages { get; set; }

    public string Credential => _account.Credential(Address);

    public void Dispose()
    {
        _listener.Close();
        _loop.GetAwaiter().GetResult();
        _account.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or InvalidOperationException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var (status, answer) = Answer(context, body.ToArray());
            context.Response.StatusCode = status;
            context.Response.Close(answer, willBlock: true);
        }
    }

    private (int Status, byte[] Body) Answer(HttpListenerContext context, byte[] body)
    {
        var request = context.Request;
        var path = request.RawUrl!.Split('?')[0];
        if (path == "/token")
        {
            var (status, text) = _account.GiveToken(Address, Encoding.UTF8.GetString(body));
            return (status, Encoding.UTF8.GetBytes(text));
        }

        if (request.QueryString["X-Goog-Signature"] is not null)
        {
            return IsSigned(request, path) ? Give(context, Uri.UnescapeDataString(path[$"/{Bucket}/".Length..])) : Error(403, "SignatureDoesNotMatch");
        }

        if (request.Headers["Authorization"] != "Bearer " + GoogleAccount.Token)
        {
            return Error(401, "no token");
        }

        if (Failures.TryDequeue(out var failure))
        {
            return Error(failure, "sorry");
        }

        const string objects = $"/storage/v1/b/{Bucket}/o";
        var name = path.StartsWith(objects + "/", StringComparison.Ordinal) ? Uri.UnescapeDataString(path[(objects.Length + 1)..]) : null;
        return (request.HttpMethod, name) switch
        {
            ("POST", _) when path == "/upload" + objects && request.QueryString["uploadType"] == "media" => Keep(request.QueryString["name"]!, body),
            ("GET", null) when path == objects => List(request.QueryString["prefix"]!, request.QueryString["pageToken"]),
            ("GET", not null) when request.QueryString["alt"] == "media" => Give(context, name),
            ("DELETE", not null) => Objects.TryRemove(name, out _) ? (204, []) : Error(404, $"No such object: {Bucket}/{name}"),
            _ => Error(404, "The specified bucket does not exist."),
        };
    }

    private (int, byte[]) Keep(string name, byte[] body)
    {
        var kept = Damages ? [.. body, 0] : body;
        Objects[name] = (kept, DateTime.UtcNow);
#pragma warning disable CA5351 // What the service tells.
        return Json(ConfigMap.Of(("md5Hash", Convert.ToBase64String(MD5.HashData(kept))), ("generation", "1")));
#pragma warning restore CA5351
    }

    private (int, byte[]) Give(HttpListenerContext context, string name)
    {
        if (!Objects.TryGetValue(name, out var found))
        {
            return Error(404, $"No such object: {Bucket}/{name}");
        }

        context.Response.Headers["x-goog-generation"] = "1";
        return context.Request.Headers["Range"] is { } range
            ? (206, found.Content[int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture)..])
            : (200, found.Content);
    }

    private (int, byte[]) List(string prefix, string? after)
    {
        var all = Objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0)
            .OrderBy(o => o.Key, StringComparer.Ordinal).ToList();
        var answer = ConfigMap.Of(("items", new ConfigList(all.Take(PageSize).Select(o => ConfigMap.Of(
            ("name", o.Key),
            ("size", o.Value.Content.Length.ToString(CultureInfo.InvariantCulture)),
            ("updated", Instant.FromDateTimeUtc(o.Value.Time).ToString()))))));
        return Json(all.Count > PageSize ? answer.With("nextPageToken", all[PageSize - 1].Key) : answer);
    }

    // As the documentation of "V4 signing" tells it.
    private bool IsSigned(HttpListenerRequest request, string path)
    {
        var query = request.RawUrl!.Split('?')[1];
        var unsigned = string.Join('&', query.Split('&').Where(p => !p.StartsWith("X-Goog-Signature=", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var canonical = $"GET\n{path}\n{unsigned}\nhost:{request.Headers["Host"]}\n\nhost\nUNSIGNED-PAYLOAD";
        var parameters = HttpUtility.ParseQueryString(query);
        var scope = parameters["X-Goog-Credential"]![(GoogleAccount.Email.Length + 1)..];
        var text = $"GOOG4-RSA-SHA256\n{parameters["X-Goog-Date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        return request.Headers["Authorization"] is null && _account.Signed(text, parameters["X-Goog-Signature"]!);
    }

    private static (int, byte[]) Json(ConfigMap map) => (200, Encoding.UTF8.GetBytes(ConfigJson.Write(map)));

    private static (int, byte[]) Error(int status, string message) =>
        (status, Encoding.UTF8.GetBytes($$$"""{"error":{"code":{{{status}}},"message":"{{{message}}}","errors":[]}}"""));
}
