using System.Net;
using Amazon.S3.Model;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Server.Settings;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Storage;

/// <summary>Archives of projects in a folder, in S3 and in Google Cloud Storage. Digdag behaviour: server 18.</summary>
public sealed class ArchiveTests(S3Server s3) : IClassFixture<S3Server>, IDisposable
{
    private const string Workflow = "+a:\n  probe>: ${moment(session_time).format('YYYY')}\n";

    private readonly ProbeOperator _probe = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("wf-archive-").FullName;
    private readonly string _prefix = Guid.NewGuid().ToString("N");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task In_S3_an_archive_has_the_key_of_Digdag_and_tasks_find_its_files()
    {
        await using var server = await StartAsync(S3Keys.Of(s3, "archive", ("path", "/" + _prefix)));

        var (_, project) = await server.PushAsync("my_proj", "r/1", ("wf.dig", Workflow), ("x.txt", "content"));
        await server.StartAttemptAsync();

        Assert.Equal("s3", project.GetString("archiveType"));
        Assert.Equal("success", (await server.EndOfFirstAsync()).GetString("status"));
        Assert.Matches($"^{_prefix}/0/bXlfcHJvag/r/1\\.[0-9a-f-]{{36}}\\.tar\\.gz$", Assert.Single(await OwnKeysAsync()));
        Assert.Equal(["wf.dig", "x.txt"], await FilesAsync(server, "my_proj"));
    }

    [Fact]
    public async Task In_a_folder_next_to_the_database_archives_need_no_further_key()
    {
        await using (var server = await RunningServer.StartAsync(_probe, database: _folder, config: ("archive.type", "local")))
        {
            var (_, project) = await server.PushAsync("demo", "../../etc", ("wf.dig", Workflow));
            Assert.Equal("local", project.GetString("archiveType"));
        }

        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "archive"), "*.tar.gz", SearchOption.AllDirectories));
        await using var next = await RunningServer.StartAsync(_probe, database: _folder, config: ("archive.type", "local"));
        Assert.Equal(["wf.dig"], await FilesAsync(next, "demo"));
    }

    [Fact]
    public async Task In_Google_Cloud_Storage()
    {
        using var gcs = new GcsServer();
        await using var server = await StartAsync(
            ("archive.type", "gcs"),
            ("archive.gcs.bucket", GcsServer.Bucket),
            ("archive.gcs.endpoint", gcs.Address),
            ("archive.gcs.path", "wf"),
            ("archive.gcs.direct_download", "true"),
            ("archive.gcs.credentials.json.content", gcs.Credential));

        await server.PushAsync("my_proj", "r1", ("wf.dig", Workflow));
        await server.StartAttemptAsync();

        Assert.Equal("success", (await server.EndOfFirstAsync()).GetString("status"));
        Assert.StartsWith("wf/0/bXlfcHJvag/r1.", Assert.Single(gcs.Objects).Key, StringComparison.Ordinal);
        Assert.Equal(["wf.dig"], await FilesAsync(server, "my_proj"));
    }

    [Fact]
    public async Task Direct_downloads_lead_to_the_store_unless_the_client_wants_none()
    {
        await using var server = await StartAsync(S3Keys.Of(s3, "archive", ("path", _prefix), ("direct_download", "true"), ("direct_download_expiration", "120")));
        await server.PushAsync("demo", "r1", ("wf.dig", Workflow));
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };

        using var direct = await http.GetAsync("api/projects/1/archive", Cancellation);
        using var plain = await http.GetAsync("api/projects/1/archive?direct_download=false", Cancellation);
        using var other = await http.GetAsync("api/projects/1/archive?direct_download=yes", Cancellation);

        Assert.Equal(HttpStatusCode.SeeOther, direct.StatusCode);
        Assert.Empty(await direct.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Matches("X-Amz-Expires=1(19|20|21)&", direct.Headers.Location!.Query);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (plain.StatusCode, other.StatusCode));
        var bytes = await http.GetByteArrayAsync(direct.Headers.Location, Cancellation);
        Assert.Equal(await plain.Content.ReadAsByteArrayAsync(Cancellation), bytes);
    }

    [Fact]
    public async Task A_store_that_refuses_is_told_and_nothing_is_pushed()
    {
        await using var server = await StartAsync([.. S3Keys.Of(s3, "archive"), ("archive.s3.credentials.secret-access-key", "wrong")]);

        var (status, body) = await server.PushAsync("demo", "r1", ("wf.dig", Workflow));

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal("Failed to upload archive to a remote storage", body.GetString("message"));
        Assert.Empty(((ConfigList)(await server.GetAsync("api/projects"))["projects"]!).Items);
    }

    [Fact]
    public async Task The_archive_of_a_refused_revision_is_deleted()
    {
        await using var server = await StartAsync(S3Keys.Of(s3, "archive", ("path", _prefix)));
        await server.PushAsync("demo", "r1", ("wf.dig", Workflow));

        var (status, _) = await server.PushAsync("demo", "r1", ("wf.dig", Workflow));

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Single(await OwnKeysAsync());
    }

    [Fact]
    public async Task A_missing_archive_is_not_found()
    {
        await using var server = await StartAsync(S3Keys.Of(s3, "archive", ("path", _prefix)));
        await server.PushAsync("demo", "r1", ("wf.dig", Workflow));
        await s3.Client.DeleteObjectAsync(S3Server.Bucket, Assert.Single(await OwnKeysAsync()), Cancellation);

        var (status, body) = await server.SendAsync(HttpMethod.Get, "api/projects/1/archive");
        await server.StartAttemptAsync();

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.StartsWith("The archive of revision r1 is missing in s3: ", body.GetString("message"), StringComparison.Ordinal);
        Assert.Equal("error", (await server.EndOfFirstAsync()).GetString("status"));
    }

    [Fact]
    public async Task A_damaged_archive_is_not_used()
    {
        await using var server = await StartAsync(S3Keys.Of(s3, "archive", ("path", _prefix)));
        await server.PushAsync("demo", "r1", ("wf.dig", Workflow));
        await s3.PutAsync(Assert.Single(await OwnKeysAsync()), "other bytes");

        var (status, body) = await server.SendAsync(HttpMethod.Get, "api/projects/1/archive");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal("The archive of revision r1 in s3 is damaged: its MD5 is not that of the upload", body.GetString("message"));
    }

    [Fact]
    public async Task Revisions_stay_where_they_were_pushed_when_new_ones_go_elsewhere()
    {
        await using (var server = await RunningServer.StartAsync(_probe, database: _folder, config: S3Keys.Of(s3, "archive", ("path", _prefix))))
        {
            await server.PushAsync("demo", "r1", ("wf.dig", Workflow), ("one.txt", "1"));
        }

        await using (var server = await RunningServer.StartAsync(
            _probe, database: _folder, config: [.. S3Keys.Of(s3, "archive", ("path", _prefix)), ("archive.type", "db")]))
        {
            await server.PushAsync("demo", "r2", ("wf.dig", Workflow), ("two.txt", "2"));
            Assert.Equal(["wf.dig", "one.txt"], await FilesAsync(server, "demo", "r1"));
            Assert.Equal(["wf.dig", "two.txt"], await FilesAsync(server, "demo", "r2"));
        }

        await using var without = await RunningServer.StartAsync(_probe, database: _folder);
        var (status, body) = await without.SendAsync(HttpMethod.Get, "api/projects/1/archive?revision=r1");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal(
            "The archive of revision r1 is kept in s3, which this server is not configured for: set the keys archive.s3.*", body.GetString("message"));
    }

    [Theory]
    [InlineData("archive.type=ftp", "Unknown storage type: ftp")]
    [InlineData("archive.type=s3", "Parameter 'archive.s3.bucket' is required but not set")]
    [InlineData("archive.type=local;database.type=memory", "Parameter 'archive.local.path' is required but not set")]
    [InlineData("archive.type=s3;archive.s3.bucket=b;archive.s3.credentials.access-key-id=k", "Parameter 'archive.s3.credentials.secret-access-key' is required but not set")]
    [InlineData("archive.type=s3;archive.s3.bucket=b;archive.s3.direct_download_expiration=0", "archive.s3.direct_download_expiration must be a number of seconds from 1 to 604800, but is 0")]
    [InlineData("log-server.type=gcs", "Parameter 'log-server.gcs.bucket' is required but not set")]
    [InlineData("log-server.type=gcs;log-server.gcs.bucket=b;log-server.gcs.endpoint=here", "log-server.gcs.endpoint must be an address such as https://storage.googleapis.com, but is 'here'")]
    public void Wrong_keys_stop_the_start(string config, string message)
    {
        var keys = config.Split(';').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        keys.TryAdd("database.type", "memory");

        Assert.Equal(message, Assert.Throws<ConfigException>(() => ServerSettings.Of(keys, _folder)).Message);
    }

    [Fact]
    public void A_key_may_stand_in_a_properties_file()
    {
        var file = Path.Combine(_folder, "aws.properties");
        File.WriteAllText(file, "# key\naccessKey = AK\nsecretKey: S\\u003dK\n");

        var settings = ServerSettings.Of(
            new Dictionary<string, string>
            {
                ["database.type"] = "memory",
                ["archive.type"] = "s3",
                ["archive.s3.bucket"] = "b",
                ["archive.s3.credentials.file"] = "aws.properties",
                ["archive.s3.credentials.access-key-id"] = "not this",
            },
            _folder);

        Assert.Equal(("AK", "S=K"), settings.Archives.Stores["s3"].S3!.Key);
        Assert.Empty(settings.Warnings);
    }

    private Task<RunningServer> StartAsync(params (string Key, string Value)[] config) => RunningServer.StartAsync(_probe, config: config);

    private async Task<IReadOnlyList<string>> OwnKeysAsync()
    {
        var found = await s3.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = S3Server.Bucket, Prefix = _prefix }, Cancellation);
        return [.. (found.S3Objects ?? []).Select(o => o.Key)];
    }

    private static async Task<IReadOnlyList<string>> FilesAsync(RunningServer server, string project, string? revision = null)
    {
        var id = (await server.GetAsync($"api/project?name={project}")).GetString("id");
        await using var content = await server.Http.GetStreamAsync($"api/projects/{id}/archive{(revision is null ? string.Empty : "?revision=" + revision)}", Cancellation);
        return await RunningServer.NamesInArchiveAsync(content);
    }
}
