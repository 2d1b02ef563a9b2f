using System.IO.Compression;
using System.Net;
using System.Text;
using Amazon.S3.Model;
using NodaTime;
using NodaTime.Testing;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Server.Tests.Nodes;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Storage;

/// <summary>Task logs in S3 and in Google Cloud Storage. Digdag behaviour: server 19.</summary>
public sealed class RemoteTaskLogTests(S3Server s3, PostgresServer postgres) : IClassFixture<S3Server>, IClassFixture<PostgresServer>, IDisposable
{
    private const string OneTask = "+a:\n  probe>: a\n";

    private readonly ProbeOperator _probe = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("wf-remote-log-").FullName;
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_log_becomes_an_object_with_the_key_of_Digdag_and_leaves_no_file()
    {
        await using var server = await StartAsync(config: ("agent.id", "4242@host1"));
        await server.PushAsync("demo", "r1", ("wf.dig", OneTask));
        await server.StartAttemptAsync();
        await server.EndOfFirstAsync();

        var file = Assert.Single(await FilesAsync(server));

        Assert.Matches($"^{_prefix}/\\d{{4}}-\\d\\d-\\d\\d/0\\.1wf@20260304T050607\\+0000/\\+wf\\+a@[0-9a-f]{{16}}\\.4242@host1\\.log\\.gz$", Assert.Single(await OwnKeysAsync()));
        Assert.Equal("+wf+a", file.GetString("taskName"));
        Assert.IsType<ConfigNull>(file["direct"]);
        Assert.Contains("probe a", await TextAsync(server, file), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.log.gz", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_log_of_a_running_task_is_read_from_the_node_that_runs_it()
    {
        await using var server = await StartAsync();
        _probe.Hold("a");
        await server.PushAsync("demo", "r1", ("wf.dig", OneTask));
        await server.StartAttemptAsync();
        await _probe.Entered("a");

        await Eventually.HoldsAsync(async () =>
            await FilesAsync(server) is [var file] && (await TextAsync(server, file)).Contains("probe a", StringComparison.Ordinal));

        Assert.Empty(await OwnKeysAsync());
        _probe.LetGo("a");
        await server.EndOfFirstAsync();
        Assert.Single(await OwnKeysAsync());
    }

    [Fact]
    public async Task Every_node_lists_and_serves_the_logs_of_all_without_a_shared_folder()
    {
        await using var cluster = await Cluster.CreateAsync(postgres);
        var config = S3Keys.Of(s3, "log-server", ("path", _prefix));
        var (one, two) = (await cluster.StartAsync(config: config), await cluster.StartAsync(config: [.. config, ("agent.enabled", "false")]));
        await one.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n+b:\n  probe>: b\n"));
        await one.StartAttemptAsync();

        await two.EndOfFirstAsync();

        var files = await FilesAsync(two);
        Assert.Equal(["+wf+a", "+wf+b"], files.Select(f => f.GetString("taskName")));
        Assert.Contains("probe b", await TextAsync(two, files[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Direct_downloads_are_listed_unless_the_client_wants_none()
    {
        await using var server = await StartAsync(config: ("log-server.s3.direct_download", "true"));
        await server.PushAsync("demo", "r1", ("wf.dig", OneTask));
        await server.StartAttemptAsync();
        await server.EndOfFirstAsync();
        using var http = new HttpClient();

        var direct = Assert.Single(await FilesAsync(server)).GetString("direct");
        var plain = Assert.Single(await FilesAsync(server, "?direct_download=false"));

        Assert.Contains("probe a", Unpack(await http.GetByteArrayAsync(new Uri(direct), Cancellation)), StringComparison.Ordinal);
        Assert.IsType<ConfigNull>(plain["direct"]);
    }

    [Fact]
    public async Task A_long_log_is_stored_in_parts_that_together_are_the_whole()
    {
        const int Lines = 400_000;
        await using var server = await RunningServer.StartAsync(_probe, null, null, [new ChattyOperator(Lines)], Config());
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  chatty>: x\n"));
        await server.StartAttemptAsync();
        await server.EndOfFirstAsync();

        var files = await FilesAsync(server);
        var text = new StringBuilder();
        foreach (var file in files)
        {
            text.Append(await TextAsync(server, file));
        }

        Assert.Equal(2, files.Count);
        Assert.Equal(Enumerable.Range(0, Lines).Select(ChattyOperator.Line), text.ToString().Split('\n').Where(l => l.StartsWith("line ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_a_killed_server_had_not_stored_is_stored_by_the_next()
    {
        _probe.Hold("a");
        var first = await StartAsync(database: Path.Combine(_folder, "db"));
        await first.PushAsync("demo", "r1", ("wf.dig", OneTask));
        await first.StartAttemptAsync();
        await _probe.Entered("a");
        await Eventually.HoldsAsync(async () => await FilesAsync(first) is [var file] && (await TextAsync(first, file)).Length > 0);

        // What a kill leaves: a folder with an owner that nobody locks.
        var work = Assert.Single(Directory.GetDirectories(_folder, "wf-server-*"));
        var left = work.Replace("wf-server-", "wf-server-left-", StringComparison.Ordinal);
        Copy(Path.Combine(work, "log"), Path.Combine(left, "log"));
        await File.WriteAllTextAsync(Path.Combine(left, "owner"), Environment.MachineName + "\n", Cancellation);
        _probe.LetGo("a");
        await first.DisposeAsync();
        foreach (var key in await OwnKeysAsync())
        {
            await s3.Client.DeleteObjectAsync(S3Server.Bucket, key, Cancellation);
        }

        await using var next = await StartAsync(database: Path.Combine(_folder, "db"));

        await Eventually.HoldsAsync(() => !Directory.Exists(left));
        Assert.Contains("probe a", await TextAsync(next, (await FilesAsync(next))[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_refuses_holds_no_workflow_up_and_loses_nothing()
    {
        await using var server = await StartAsync(config: ("log-server.s3.credentials.secret-access-key", "wrong"));
        await server.PushAsync("demo", "r1", ("wf.dig", OneTask));
        await server.StartAttemptAsync();

        Assert.Equal("success", (await server.EndOfFirstAsync()).GetString("status"));
        Assert.Single(Directory.GetFiles(_folder, "*.log.gz", SearchOption.AllDirectories));
        var (status, body) = await server.SendAsync(HttpMethod.Get, "api/logs/1/files");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.StartsWith("The storage that this is kept in failed", body.GetString("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..%2F..%2Fsecret.log.gz", HttpStatusCode.BadRequest)]
    [InlineData("+wf+a@69a7bc80075bcd15.1@h.log.gz", HttpStatusCode.NotFound)]
    public async Task Names_of_no_file_are_refused(string name, HttpStatusCode expected)
    {
        await using var server = await StartAsync();
        await server.PushAsync("demo", "r1", ("wf.dig", OneTask));
        await server.StartAttemptAsync();

        var (status, _) = await server.SendAsync(HttpMethod.Get, $"api/logs/1/files/{name}");

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Retention_deletes_logs_there_and_nothing_else()
    {
        var clock = new FakeClock(SystemClock.Instance.GetCurrentInstant());
        await using var server = await StartAsync(clock, null, ("retention.days", "30"), ("executor.attempt_ttl", "20000d"));
        await s3.PutAsync($"{_prefix}/2020-01-01/notes.txt", "kept");
        await server.PushAsync("demo", "r1", ("wf.dig", OneTask));
        await server.StartAttemptAsync();
        await server.EndOfFirstAsync();
        Assert.Equal(2, (await OwnKeysAsync()).Count);

        clock.AdvanceDays(31);
        server.Server.ClockChanged();

        await Eventually.HoldsAsync(async () => await OwnKeysAsync() is [var left] && left.EndsWith("notes.txt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_Google_Cloud_Storage()
    {
        using var gcs = new GcsServer();
        await using var server = await RunningServer.StartAsync(
            _probe,
            config:
            [
                ("log-server.type", "gcs"),
                ("log-server.gcs.bucket", GcsServer.Bucket),
                ("log-server.gcs.endpoint", gcs.Address),
                ("log-server.gcs.direct_download", "true"),
                ("log-server.gcs.credentials.json.content", gcs.Credential),
            ]);
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n+b:\n  probe>: b\n+c:\n  probe>: c\n"));
        await server.StartAttemptAsync();
        await server.EndOfFirstAsync();
        using var http = new HttpClient();

        var files = await FilesAsync(server);

        Assert.Equal(["+wf+a", "+wf+b", "+wf+c"], files.Select(f => f.GetString("taskName")));
        Assert.Contains("probe c", await TextAsync(server, files[2]), StringComparison.Ordinal);
        Assert.Contains("probe b", Unpack(await http.GetByteArrayAsync(new Uri(files[1].GetString("direct")), Cancellation)), StringComparison.Ordinal);
    }

    private Task<RunningServer> StartAsync(IClock? clock = null, string? database = null, params (string Key, string Value)[] config) =>
        RunningServer.StartAsync(_probe, clock, database, Config(config));

    private (string, string)[] Config(params (string Key, string Value)[] more) =>
        [.. S3Keys.Of(s3, "log-server", ("path", _prefix)), ("tmpdir", _folder), .. more];

    private async Task<IReadOnlyList<string>> OwnKeysAsync()
    {
        var found = await s3.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = S3Server.Bucket, Prefix = _prefix }, Cancellation);
        return [.. (found.S3Objects ?? []).Select(o => o.Key)];
    }

    private static async Task<IReadOnlyList<ConfigMap>> FilesAsync(RunningServer server, string query = "") =>
        [.. ((ConfigList)(await server.GetAsync("api/logs/1/files" + query))["files"]!).Items.Cast<ConfigMap>()];

    private static async Task<string> TextAsync(RunningServer server, ConfigMap file) =>
        Unpack(await server.Http.GetByteArrayAsync($"api/logs/1/files/{Uri.EscapeDataString(file.GetString("fileName"))}", Cancellation));

    // A file that is still written ends anywhere.
    private static string Unpack(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (gzip.Read(buffer) is var count and > 0)
            {
                text.Write(buffer, 0, count);
            }
        }
        catch (InvalidDataException)
        {
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = File.Create(target);
            open.CopyTo(copy);
        }
    }

    private sealed class ChattyOperator(int lines) : IOperator
    {
        public OperatorDescription Description { get; } = new("chatty", "Says much.", new OperatorParameter("_command", ParameterType.Text, "Anything."), []);

        public static string Line(int number) => $"line {number:0000000} {new string('x', 40)}";

        public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
        {
            for (var i = 0; i < lines; i++)
            {
                context.Output.Write(Encoding.UTF8.GetBytes(Line(i) + "\n"));
            }

            return Task.FromResult<OperatorOutcome>(new OperatorOutcome.Succeeded(TaskResult.Empty));
        }
    }
}
