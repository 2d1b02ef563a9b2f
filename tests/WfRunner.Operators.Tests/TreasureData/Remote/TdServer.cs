using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using MessagePack;
using WfRunner.Core.Config;
using WfRunner.Tests.Shared;

namespace WfRunner.Operators.Tests.TreasureData.Remote;

/// <summary>
/// A small Treasure Data: databases and tables that can be changed, jobs whose course a test decides, faults it plants. Requests
/// that change something are remembered as <c>METHOD path?query body</c>, decoded, with a domain key as #1, #2 in order of first sight.
/// </summary>
internal sealed class TdServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Task _loop;
    private bool _isDisposed;
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, string> _jobOfKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TdServerJob Job, int Asked)> _jobs = new(StringComparer.Ordinal);

    public TdServer()
    {
        // Any host name: as a proxy it is asked for others.
        (_listener, var port) = LoopbackListener.Open("*");
        Endpoint = $"127.0.0.1:{port}";
        _loop = LoopAsync();
    }

    /// <summary>Host and port.</summary>
    public string Endpoint { get; }

    public Dictionary<string, List<string>> Databases { get; } = new(StringComparer.Ordinal) { ["d"] = [] };

    /// <summary>The course of jobs in the order of their submission; the last one serves all further jobs.</summary>
    public List<TdServerJob> Courses { get; } = [];

    /// <summary>Answers given instead of the usual one, to the first requests whose line contains the text.</summary>
    public List<(string Line, int Status, string Body)> Faults { get; } = [];

    /// <summary>Tables whose first creation is lost.</summary>
    public HashSet<string> Lost { get; } = [];

    public ConcurrentQueue<string> Changes { get; } = new();

    public ConcurrentQueue<string> Questions { get; } = new();

    public ConcurrentQueue<string?> Authorizations { get; } = new();

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _listener.Close();
        _loop.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task LoopAsync()
    {
        while (_listener.IsListening)
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

            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var (status, body) = Answer(context.Request, await reader.ReadToEndAsync());
            context.Response.StatusCode = status;
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }

    private (int Status, byte[] Body) Answer(HttpListenerRequest request, string body)
    {
        var form = request.ContentType == "application/x-www-form-urlencoded" ? Form(body)
            : body.Length > 0 ? ((ConfigMap)ConfigJson.Parse(body)).ToDictionary(e => e.Key, e => e.Value is ConfigText t ? t.Value : e.Value.ToString())
            : [];
        foreach (var (name, value) in Form(request.Url!.Query.TrimStart('?')))
        {
            form.TryAdd(name, value);
        }

        var path = Uri.UnescapeDataString(PathOf(request.RawUrl!));
        var line = $"{request.HttpMethod} {path} {string.Join(' ', form.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={Shown(f.Key, f.Value)}"))}".TrimEnd();
        (request.HttpMethod == "GET" ? Questions : Changes).Enqueue(line);
        Authorizations.Enqueue(request.Headers["Authorization"]);
        var fault = Faults.FindIndex(f => line.Contains(f.Line, StringComparison.Ordinal));
        if (fault >= 0)
        {
            var (_, status, text) = Faults[fault];
            Faults.RemoveAt(fault);
            return (status, text == "half" ? Half(path) : Encoding.UTF8.GetBytes(text));
        }

        return Usual(request.HttpMethod, path.Trim('/').Split('/'), form);
    }

    // A proxy is asked with the whole address.
    private static string PathOf(string target)
    {
        var path = target.StartsWith("http://", StringComparison.Ordinal) ? target[target.IndexOf('/', "http://".Length)..] : target;
        return path.Split('?')[0];
    }

    // The first half of a result.
    private byte[] Half(string path)
    {
        var whole = Pack(Job(path.Split('/')[^1]).Rows!);
        return whole[..(whole.Length / 2)];
    }

    private string Shown(string name, string value)
    {
        if (name != "domain_key")
        {
            return value;
        }

        if (!_keys.Contains(value))
        {
            _keys.Add(value);
        }

        return $"#{_keys.IndexOf(value) + 1}";
    }

    private (int Status, byte[] Body) Usual(string method, string[] path, Dictionary<string, string> form)
    {
        switch (method, string.Join('/', path.Take(3)))
        {
            case ("POST", "v3/job/issue") when !Databases.ContainsKey(path[4]):
                return Refuse(404, $"Database '{path[4]}' doesn't exist");
            case ("POST", "v3/job/issue" or "v3/job/result_export" or "v3/export/run" or "v3/table/partialdelete") or ("POST", "v3/bulk_loads/session"):
                return Started(form, id => $$"""{"job_id":"{{id}}"}""");
            case ("POST", "v3/schedule/run"):
                return path[3] == "123" ? Refuse(404, "no such schedule") : Started(form, id => $$"""{"jobs":[{"job_id":{{id}}}]}""");
            case ("POST", _) when path[0] == "v4":
                return Started(form, id => $$"""{"id":"{{id}}"}""");
            case ("GET", "v3/job/status"):
                return Json(ConfigMap.Of(("job_id", path[3]), ("status", Status(path[3]))));
            case ("GET", "v3/job/show"):
                return Json(Job(path[3]).Show(path[3]));
            case ("GET", "v3/job/result"):
                return Job(path[3]).Rows is { } rows ? (200, Pack(rows)) : Refuse(404, "no result");
            case ("POST", "v3/job/kill"):
                return Json(ConfigMap.Empty);
            case ("GET", "v3/connections/lookup"):
                return Json(ConfigMap.Of(("id", 42L)));
            case ("GET", "v3/database/list"):
                return Json(Names("databases", Databases.Keys));
            case ("GET", "v3/table/list"):
                return Databases.TryGetValue(path[3], out var tables) ? Json(Names("tables", tables)) : Refuse(404, "no such database");
            case ("POST", "v3/database/create"):
                return Databases.TryAdd(path[3], []) ? Json(ConfigMap.Empty) : Refuse(409, "exists");
            case ("POST", "v3/database/delete"):
                return Databases.Remove(path[3]) ? Json(ConfigMap.Empty) : Refuse(404, "no such database");
            case ("POST", "v3/table/create"):
                return Create(path[3], path[4]);
            case ("POST", "v3/table/delete"):
                return Databases[path[3]].Remove(path[4]) ? Json(ConfigMap.Empty) : Refuse(404, "no such table");
            case ("POST", "v3/table/rename"):
                Databases[path[3]].Remove(path[4]);
                Databases[path[3]].Add(path[5]);
                return Json(ConfigMap.Empty);
            default:
                return Refuse(404, "Resource not found");
        }
    }

    private (int Status, byte[] Body) Create(string database, string table)
    {
        if (Databases[database].Contains(table))
        {
            return Refuse(409, "exists");
        }

        if (!Lost.Remove(table))
        {
            Databases[database].Add(table);
        }

        return Json(ConfigMap.Empty);
    }

    private (int Status, byte[] Body) Started(Dictionary<string, string> form, Func<string, string> answer)
    {
        if (form.TryGetValue("domain_key", out var key) && _jobOfKey.TryGetValue(key, out var known))
        {
            return (409, Encoding.UTF8.GetBytes("{\"text\":\"taken\",\"details\":{\"conflicts_with\":\"" + known + "\"}}"));
        }

        var id = (_jobs.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        _jobs[id] = (Courses.Count == 0 ? new TdServerJob() : Courses[Math.Min(_jobs.Count, Courses.Count - 1)], 0);
        if (key is not null)
        {
            _jobOfKey[key] = id;
        }

        return (200, Encoding.UTF8.GetBytes(answer(id)));
    }

    private TdServerJob Job(string id) => _jobs[id].Job;

    private string Status(string id)
    {
        var (job, asked) = _jobs[id];
        _jobs[id] = (job, asked + 1);
        return job.Statuses[Math.Min(asked, job.Statuses.Length - 1)];
    }

    private static ConfigMap Names(string key, IEnumerable<string> names) =>
        ConfigMap.Of((key, new ConfigList(names.Select(n => ConfigMap.Of(("name", n), ("schema", "[]"))))));

    private static (int Status, byte[] Body) Json(ConfigMap body) => (200, Encoding.UTF8.GetBytes(body.ToString()));

    private static (int Status, byte[] Body) Refuse(int status, string text) =>
        (status, Encoding.UTF8.GetBytes(ConfigMap.Of(("error", "x"), ("text", text)).ToString()));

    private static Dictionary<string, string> Form(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]));

    private static byte[] Pack(string rows)
    {
        var packed = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(packed);
        foreach (var row in ((ConfigList)ConfigJson.Parse(rows)).Items)
        {
            Write(ref writer, row);
        }

        writer.Flush();
        if (packed.WrittenCount == 0)
        {
            // What zipping nothing gives elsewhere; here it gives no byte at all.
            return Convert.FromHexString("1f8b08000000000000ff03000000000000000000");
        }

        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
        {
            zip.Write(packed.WrittenSpan);
        }

        return zipped.ToArray();
    }

    private static void Write(ref MessagePackWriter writer, ConfigValue value)
    {
        switch (value)
        {
            case ConfigNull:
                writer.WriteNil();
                break;
            case ConfigBoolean b:
                writer.Write(b.Value);
                break;
            case ConfigInteger i when i.Value > long.MaxValue:
                writer.Write((ulong)i.Value);
                break;
            case ConfigInteger i:
                writer.Write((long)i.Value);
                break;
            case ConfigFloat f:
                writer.Write(f.Value);
                break;
            case ConfigText t:
                writer.Write(t.Value);
                break;
            case ConfigList list:
                writer.WriteArrayHeader(list.Items.Count);
                foreach (var item in list.Items)
                {
                    Write(ref writer, item);
                }

                break;
            case ConfigMap map:
                writer.WriteMapHeader(map.Count);
                foreach (var entry in map)
                {
                    writer.Write(entry.Key);
                    Write(ref writer, entry.Value);
                }

                break;
        }
    }
}
