using System.Formats.Tar;
using System.Net;
using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Tests;

public sealed class ApiTests
{
    private const string Hello = "+a:\n  probe>: a\n";

    private readonly ProbeOperator _probe = new();

    [Theory]
    [InlineData("GET", "api/nope", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/projects/abc", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/projects/99999999999999999999", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/sessions/0x1", HttpStatusCode.NotFound)]
    [InlineData("POST", "api/projects", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "api/attempts/1/kill", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "api/attempts?page_size=101", HttpStatusCode.BadRequest)]
    [InlineData("GET", "api/attempts?last_id=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "api/workflows?order=up", HttpStatusCode.BadRequest)]
    [InlineData("GET", "api/version/check?client=1..2", HttpStatusCode.BadRequest)]
    [InlineData("GET", "api/version/check", HttpStatusCode.BadRequest)]
    public async Task Refusals_are_JSON_with_message_and_status(string method, string path, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var (status, body) = await server.SendAsync(new HttpMethod(method), path);

        Assert.Equal(expected, status);
        Assert.Equal((int)expected, body.GetInt32("status"));
        Assert.NotEmpty(body.GetString("message"));
    }

    [Theory]
    [InlineData("4.5.0", false, true)]
    [InlineData("4.4.3", true, true)]
    [InlineData("3.9", true, false)]
    [InlineData("4.5.0-rc1", true, true)]
    public async Task Old_clients_are_told(string client, bool upgrade, bool compatible)
    {
        await using var server = await RunningServer.StartAsync(
            _probe,
            config:
            [
                ("server.client-version-check.upgrade-recommended-if-older", "4.5.0"),
                ("server.client-version-check.api-incompatible-if-older", "4.0.0"),
            ]);

        var answer = await server.GetAsync("api/version/check?client=" + client);

        Assert.Equal((upgrade, compatible), (answer.GetBoolean("upgradeRecommended"), answer.GetBoolean("apiCompatible")));
    }

    [Theory]
    [InlineData(null, "Missing Authorization header")]
    [InlineData("Basic YW5uOnB3", "unauthorized")]
    [InlineData("Bearer x", "unauthorized")]
    [InlineData("Basic !", "unauthorized")]
    [InlineData("TD1 1/abc", "unauthorized")]
    public async Task Without_the_right_credentials_everything_but_the_version_is_401(string? header, string message)
    {
        await using var server = await RunningServer.StartAsync(
            _probe, config: [("server.authenticator.basic.username", "ann"), ("server.authenticator.basic.password", "p w")]);
        if (header is not null)
        {
            server.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        }

        var (status, body) = await server.SendAsync(HttpMethod.Get, "api/projects");

        Assert.Equal((HttpStatusCode.Unauthorized, message), (status, body.GetString("message")));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(HttpMethod.Get, "api/nope")).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "api/version")).Status);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("-9998-01-01T00:00:00+14:00x")]
    public async Task A_session_time_that_some_zone_cannot_show_is_refused_before_it_is_stored(string time)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", "timezone: Asia/Tokyo\n+a:\n  probe>: a\n"));

        Assert.Equal(HttpStatusCode.BadRequest, (await server.StartAttemptAsync(time: time)).Status);
        Assert.Empty(((ConfigList)(await server.GetAsync("api/sessions"))["sessions"]!).Items);
    }

    [Fact]
    public async Task A_number_that_no_double_holds_is_kept_as_a_text()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", "+a:\n  probe>: a\n"));

        var started = await server.SendAsync(
            HttpMethod.Put, "api/attempts", """{"workflowId":"1","sessionTime":"2026-03-04T05:06:07Z","params":{"f":1e400,"g":-1e400}}""");

        Assert.Equal("""{"f":"Infinity","g":"-Infinity"}""", started.Body.GetMap("params").ToString());
    }

    [Fact]
    public async Task Single_values_are_taken_for_what_they_say()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", "schedule:\n  daily>: 00:00:00\n+a:\n  probe>: a\n"));

        var started = await server.SendAsync(
            HttpMethod.Put, "api/attempts", """{"workflowId":1,"sessionTime":"2026-03-04T05:06:07Z","retryAttemptName":5,"params":{}}""");
        var skipped = await server.SendAsync(
            HttpMethod.Post, "api/schedules/1/skip", """{"fromTime":"2199-01-01T00:00:00Z","count":"2","dryRun":"true"}""");

        Assert.Equal((HttpStatusCode.OK, "5"), (started.Status, started.Body.GetString("retryAttemptName")));
        Assert.Equal((HttpStatusCode.OK, "2199-01-03T00:00:00+00:00"), (skipped.Status, skipped.Body.GetString("nextScheduleTime")));
    }

    [Theory]
    [InlineData("enable", "[]", HttpStatusCode.BadRequest)]
    [InlineData("enable", "1", HttpStatusCode.BadRequest)]
    [InlineData("skip", """{"fromTime":"2026-03-04T00:00:00Z","count":2000000000,"dryRun":true}""", HttpStatusCode.BadRequest)]
    public async Task A_request_to_a_schedule_that_makes_no_sense_is_refused(string verb, string body, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("wf.dig", "schedule:\n  minutes_interval>: 1\n+a:\n  probe>: a\n"));

        Assert.Equal(expected, (await server.SendAsync(HttpMethod.Post, $"api/schedules/1/{verb}", body)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Post, $"api/schedules/abc/{verb}", body)).Status);
    }

    [Fact]
    public async Task The_right_credentials_let_in()
    {
        await using var server = await RunningServer.StartAsync(
            _probe, config: [("server.authenticator.basic.username", "ann"), ("server.authenticator.basic.password", "p:w")]);
        server.Http.DefaultRequestHeaders.TryAddWithoutValidation(
            "Authorization", "basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:p:w")));

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "api/projects")).Status);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public void An_address_that_others_reach_is_refused_without_authentication(string bind)
    {
        Dictionary<string, string> config = new() { ["server.bind"] = bind };

        Assert.Throws<ConfigException>(() => ServerSettings.Of(config, "/").ThrowIfOpenToStrangers());
        config["server.insecure-no-auth"] = "true";
        ServerSettings.Of(config, "/").ThrowIfOpenToStrangers();
    }

    public static TheoryData<string, Action<TarWriter>> HostileArchives => new()
    {
        { "Bad zip entry", tar => tar.WriteEntry(File("../x")) },
        { "Bad zip entry", tar => tar.WriteEntry(File("/x")) },
        { "Bad zip entry", tar => tar.WriteEntry(File("a/../../x")) },
        { "Archive includes an invalid symlink: l -> ../../x", tar => tar.WriteEntry(Link("l", "../../x")) },
        { "Archive includes an invalid symlink: l -> /etc/passwd", tar => tar.WriteEntry(Link("l", "/etc/passwd")) },
        {
            "Bad zip entry",
            tar =>
            {
                tar.WriteEntry(Link("l", "."));
                tar.WriteEntry(File("l/x"));
            }
        },
        { "neither a file nor a symbolic link", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "pipe")) },
        { "neither a file nor a symbolic link", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 }) },
        { "Size of a file in the archive exceeds limit (5000 > 3000 bytes): big", tar => tar.WriteEntry(File("big", 5000)) },
        {
            "Total size of the archive exceeds limit (4000 > 3000 bytes)",
            tar =>
            {
                tar.WriteEntry(File("one", 2000));
                tar.WriteEntry(File("two", 2000));
            }
        },
    };

    [Theory]
    [MemberData(nameof(HostileArchives), DisableDiscoveryEnumeration = true)]
    public async Task A_hostile_archive_is_refused_and_nothing_is_created(string message, Action<TarWriter> write)
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("api.max_archive_total_size_limit", "3000")]);

        var (status, body) = await server.PushAsync("api/projects?project=p&revision=r1", RunningServer.Archive(write));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(message, body.GetString("message"), StringComparison.Ordinal);
        Assert.Empty(((ConfigList)(await server.GetAsync("api/projects"))["projects"]!).Items);
    }

    [Theory]
    [InlineData("api/projects?project=p", "revision= is required")]
    [InlineData("api/projects?revision=r", "project= is required")]
    [InlineData("api/projects?project=1p&revision=r", "Validating project failed\nname must not start with a numeric digit (0-9): \"1p\"")]
    [InlineData("api/projects?project=p&revision=r&schedule_from=2026-01-01", "Invalid schedule_from= parameter format. Expected yyyy-MM-dd'T'HH:mm:ss'Z' format")]
    [InlineData("api/projects?project=p&revision=r&clear_schedule=nosuch", "nosuch does not exist")]
    public async Task A_push_with_wrong_parameters_is_refused_with_Digdags_words(string path, string message)
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var (status, body) = await server.PushAsync(path, RunningServer.Archive(tar => tar.WriteEntry(File("a.dig", Hello))));

        Assert.Equal((HttpStatusCode.BadRequest, message), (status, body.GetString("message")));
    }

    [Fact]
    public async Task Every_bad_workflow_of_a_push_is_named()
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var (status, body) = await server.PushAsync("p", "r1", ("a.dig", "x: 1\n"), ("b.dig", "y: 1\n"), ("ok.dig", Hello));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            "Validating project failed\nworkflow a.dig Workflow 'a' includes unknown keys: [x]\nworkflow b.dig Workflow 'b' includes unknown keys: [y]",
            body.GetString("message"));
    }

    [Fact]
    public async Task A_link_inside_of_an_archive_is_kept_and_a_workflow_may_be_one()
    {
        await using var server = await RunningServer.StartAsync(_probe);

        var (status, _) = await server.PushAsync("api/projects?project=p&revision=r1", RunningServer.Archive(tar =>
        {
            tar.WriteEntry(File("real/a.yml", Hello));
            tar.WriteEntry(Link("wf.dig", "real/a.yml"));
        }));

        Assert.Equal(HttpStatusCode.OK, status);
        await server.StartAttemptAsync();
        Assert.Equal("success", (await server.EndOfAsync("1")).GetString("status"));
    }

    [Fact]
    public async Task Secrets_need_a_key_and_never_come_back()
    {
        await using var closed = await RunningServer.StartAsync(_probe);
        await closed.PushAsync("p", "r1", ("a.dig", Hello));
        var (refused, why) = await closed.SendAsync(HttpMethod.Put, "api/projects/1/secrets/a.b", """{"value":"x"}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused);
        Assert.Contains("digdag.secret-encryption-key", why.GetString("message"), StringComparison.Ordinal);

        await using var open = await RunningServer.StartAsync(_probe, config: [("digdag.secret-encryption-key", "MDEyMzQ1Njc4OTAxMjM0NQ==")]);
        await open.PushAsync("p", "r1", ("a.dig", Hello));
        Assert.Equal(HttpStatusCode.OK, (await open.SendAsync(HttpMethod.Put, "api/projects/1/secrets/a.b", """{"value":"x"}""")).Status);
        Assert.Equal("""{"secrets":[{"key":"a.b"}]}""", (await open.GetAsync("api/projects/1/secrets")).ToString());
        var long16K = new string('x', (16 * 1024) + 1);
        Assert.Equal(HttpStatusCode.BadRequest, (await open.SendAsync(HttpMethod.Put, "api/projects/1/secrets/a", $$"""{"value":"{{long16K}}"}""")).Status);
    }

    [Theory]
    [InlineData("api/logs/1/files/foo", HttpStatusCode.NotFound)]
    [InlineData("api/logs/1/files/%2Ffoo", HttpStatusCode.BadRequest)]
    [InlineData("api/logs/1/files/..%2F..%2Fx", HttpStatusCode.BadRequest)]
    public async Task A_log_file_name_never_leaves_its_folder(string path, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("p", "r1", ("a.dig", Hello));
        await server.StartAttemptAsync();
        await server.EndOfAsync("1");

        Assert.Equal(expected, (await server.SendAsync(HttpMethod.Get, path)).Status);
    }

    private static PaxTarEntry File(string name, string text) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };

    private static PaxTarEntry File(string name, int size = 1) => File(name, new string('x', size));

    private static PaxTarEntry Link(string name, string target) => new(TarEntryType.SymbolicLink, name) { LinkName = target };
}
