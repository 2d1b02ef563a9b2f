using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Control;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Tests;

/// <summary>A real server on a port of its own, spoken to over HTTP.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly string _directory;

    private RunningServer(WorkflowServer server, string directory)
    {
        Server = server;
        _directory = directory;
        _http = new HttpClient { BaseAddress = new Uri($"http://{server.Address}/") };
    }

    public WorkflowServer Server { get; }

    public HttpClient Http => _http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<RunningServer> StartAsync(
        ProbeOperator probe,
        IClock? clock = null,
        string? database = null,
        params (string Key, string Value)[] config) => StartAsync(probe, clock, database, [], config);

    public static async Task<RunningServer> StartAsync(
        ProbeOperator probe,
        IClock? clock,
        string? database,
        IReadOnlyList<IOperator> operators,
        params (string Key, string Value)[] config)
    {
        var directory = Directory.CreateTempSubdirectory("wf-server-test-").FullName;
        var all = new Dictionary<string, string>
        {
            ["server.port"] = "0",
            ["tmpdir"] = directory,
            ["log-server.type"] = "local",
        };
        all.TryAdd("log-server.local.path", Path.Combine(database ?? directory, "log"));
        if (database is not null)
        {
            all["database.type"] = "sqlite";
            all["database.path"] = database;
        }

        foreach (var (key, value) in config)
        {
            all[key] = value;
        }

        var server = await WorkflowServer.StartAsync(
            ServerSettings.Of(all, directory),
            new ServerSurroundings
            {
                Log = probe.Log ?? LogOutput.None,
                Operators = new OperatorRegistry([probe, new RequireOperator(), .. operators]),
                Clock = clock ?? SystemClock.Instance,
                TimeZone = DateTimeZone.Utc,
            },
            Cancellation);
        return new RunningServer(server, directory);
    }

    public async Task<ConfigMap> GetAsync(string path) => await ReadAsync(await _http.GetAsync(path, Cancellation));

    public async Task<(HttpStatusCode Status, ConfigMap Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, Cancellation);
        return (response.StatusCode, await ReadAsync(response));
    }

    public Task<(HttpStatusCode Status, ConfigMap Body)> PushAsync(string project, string revision, params (string Name, string Text)[] files) =>
        PushAsync($"api/projects?project={project}&revision={revision}", Archive(files));

    public async Task<(HttpStatusCode Status, ConfigMap Body)> PushAsync(string path, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
        using var response = await _http.PutAsync(path, content, Cancellation);
        return (response.StatusCode, await ReadAsync(response));
    }

    public static byte[] Archive(params (string Name, string Text)[] files) => Archive(tar =>
    {
        foreach (var (name, text) in files)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }
    });

    public static byte[] Archive(Action<TarWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip, leaveOpen: true))
        {
            write(tar);
        }

        return bytes.ToArray();
    }

    /// <summary>Names of the entries of an archive, in its order.</summary>
    public static async Task<IReadOnlyList<string>> NamesInArchiveAsync(Stream archive)
    {
        await using var gzip = new GZipStream(archive, CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        var names = new List<string>();
        while (await tar.GetNextEntryAsync(cancellationToken: Cancellation) is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }

    public Task<(HttpStatusCode Status, ConfigMap Body)> StartAttemptAsync(
        string workflowId = "1", string time = "2026-03-04T05:06:07Z", string? retry = null, string more = "") => SendAsync(
        HttpMethod.Put,
        "api/attempts",
        $$"""{"workflowId":"{{workflowId}}","sessionTime":"{{time}}","retryAttemptName":{{(retry is null ? "null" : $"\"{retry}\"")}},"params":{}{{more}}}""");

    /// <summary>Waits until an attempt has ended. The answer of the API is the condition; there is no other way to hear of it from outside.</summary>
    public async Task<ConfigMap> EndOfAsync(string attemptId)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var attempt = await GetAsync($"api/attempts/{attemptId}");
            if (attempt["done"] is ConfigBoolean { Value: true })
            {
                return attempt;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }

    public Task<ConfigMap> EndOfFirstAsync() => EndOfNthAsync(1);

    /// <summary>Waits for the attempts up to a number and returns the last of them.</summary>
    public async Task<ConfigMap> EndOfNthAsync(int count)
    {
        var last = ConfigMap.Empty;
        for (var i = 1; i <= count; i++)
        {
            last = await EndOfAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return last;
    }

    public async Task<IReadOnlyList<string>> StatesAsync(string attemptId) =>
    [
        .. ((ConfigList)(await GetAsync($"api/attempts/{attemptId}/tasks"))["tasks"]!).Items.Cast<ConfigMap>()
            .Select(t => $"{t.GetString("fullName")}={t.GetString("state")}"),
    ];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public static async Task<ConfigMap> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return text.StartsWith('{') ? (ConfigMap)ConfigJson.Parse(text) : ConfigMap.Empty;
    }
}
