using NodaTime;
using NodaTime.Testing;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Server.Tests.Http;

public sealed class AccessLogTests : IDisposable
{
    private readonly ProbeOperator _probe = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("wf-access-").FullName;
    private readonly FakeClock _clock = new(Instant.FromUtc(2026, 3, 4, 5, 6, 7) + Duration.FromMilliseconds(89));

    private string Current => Path.Combine(_directory, "access.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_line_of_JSON_has_all_that_Digdag_writes_and_missing_headers_are_null()
    {
        await RequestAsync("json", r =>
        {
            r.RequestUri = new Uri("api/version?a=%22b", UriKind.Relative);
            r.Headers.Add("User-Agent", "test/1");
            r.Headers.Add("X-Forwarded-For", "10.0.0.9");
        });

        var line = (ConfigMap)ConfigJson.Parse(Assert.Single(await File.ReadAllLinesAsync(Current, TestContext.Current.CancellationToken)));

        Assert.Equal(
            ["time", "host", "forwardedfor", "method", "uri", "protocol", "status", "size", "referer", "ua", "vhost", "reqtime"], line.Keys);
        Assert.Equal(
            ("2026-03-04T05:06:07.089+0000", "127.0.0.1", "10.0.0.9", "GET", "/api/version?a=%22b", "HTTP/1.1", "200", "test/1", "127.0.0.1"),
            (line.GetString("time"), line.GetString("host"), line.GetString("forwardedfor"), line.GetString("method"), line.GetString("uri"), line.GetString("protocol"), line.GetString("status"), line.GetString("ua"), line.GetString("vhost")));
        Assert.True(line["referer"]!.IsNull);
        Assert.Equal("{\"version\":\"0.10.5.1\"}".Length.ToString(System.Globalization.CultureInfo.InvariantCulture), line.GetString("size"));
        Assert.Matches(@"^\d+\.\d{3}$", line.GetString("reqtime"));
    }

    [Theory]
    [InlineData("common", "^127\\.0\\.0\\.1 - - \\[04/Mar/2026:05:06:07 \\+0000\\] \"GET /api/version HTTP/1\\.1\" 200 22$")]
    [InlineData("combined", "^127\\.0\\.0\\.1 - - \\[04/Mar/2026:05:06:07 \\+0000\\] \"GET /api/version HTTP/1\\.1\" 200 22 \"-\" \"a\\\\\"b\"$")]
    [InlineData("%m %U%q %{o,Content-Type} 100%%", "^GET /api/version- application/json 100%$")]
    [InlineData("json{s:%s u:%u}", "^\\{\"s\":\"200\",\"u\":null\\}$")]
    public async Task Other_patterns_can_be_chosen_and_what_clients_send_is_escaped(string pattern, string expected)
    {
        await RequestAsync(pattern, r =>
        {
            r.RequestUri = new Uri("api/version", UriKind.Relative);
            r.Headers.TryAddWithoutValidation("User-Agent", "a\"b");
        });

        Assert.Matches(expected, Assert.Single(await File.ReadAllLinesAsync(Current, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task When_the_day_ends_the_file_gets_its_name()
    {
        await using (var server = await StartAsync("%m"))
        {
            await server.GetAsync("api/version");
            _clock.AdvanceDays(1);
            await server.SendAsync(HttpMethod.Options, "api/version");
        }

        Assert.Equal("GET\n", await File.ReadAllTextAsync(Path.Combine(_directory, "access.2026-03-04.log"), TestContext.Current.CancellationToken));
        Assert.Equal("OPTIONS\n", await File.ReadAllTextAsync(Current, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Refused_requests_are_written_down_with_the_user_that_others_had()
    {
        await using (var server = await RunningServer.StartAsync(
            _probe,
            _clock,
            config:
            [
                ("server.access-log.path", _directory),
                ("server.access-log.pattern", "%s %u"),
                ("server.authenticator.basic.username", "ann"),
                ("server.authenticator.basic.password", "pw"),
            ]))
        {
            await server.GetAsync("api/projects");
            server.Http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("ann:pw"u8));
            await server.GetAsync("api/projects");
        }

        Assert.Equal(["401 -", "200 ann"], await File.ReadAllLinesAsync(Current, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("%z")]
    [InlineData("%{nosuch}")]
    [InlineData("json{a}")]
    [InlineData("%")]
    public async Task A_pattern_that_makes_no_sense_stops_the_start(string pattern)
    {
        var failure = await Assert.ThrowsAsync<ConfigException>(() => StartAsync(pattern));

        Assert.Contains("server.access-log.pattern has a token that is not known", failure.Message, StringComparison.Ordinal);
    }

    private Task<RunningServer> StartAsync(string pattern) => RunningServer.StartAsync(
        _probe, _clock, config: [("server.access-log.path", _directory), ("server.access-log.pattern", pattern)]);

    private async Task RequestAsync(string pattern, Action<HttpRequestMessage> prepare)
    {
        await using var server = await StartAsync(pattern);
        using var request = new HttpRequestMessage();
        prepare(request);
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
