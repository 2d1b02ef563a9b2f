using System.Net;
using System.Net.Http.Headers;
using WfRunner.Core;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Tests.Ui;

/// <summary>How the web UI's files are served; what is in them is tested in a browser.</summary>
public sealed class UiPagesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("sessions/12")]
    [InlineData("projects/3/workflows/a%20b")]
    [InlineData("index.html")]
    [InlineData("nothing/here")]
    public async Task Every_address_that_is_no_file_is_the_page(string path)
    {
        await using var server = await RunningServer.StartAsync(new ProbeOperator());

        using var answer = await server.Http.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("script-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("<base href=\"/\"", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "assets/of-another-build.js", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "ui", HttpStatusCode.MethodNotAllowed)]
    [InlineData("HEAD", "", HttpStatusCode.OK)]
    public async Task What_is_neither_page_nor_file_is_refused(string method, string path, HttpStatusCode expected)
    {
        await using var server = await RunningServer.StartAsync(new ProbeOperator());
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await server.Http.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, br;q=0", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("identity", null)]
    [InlineData("br;q=0.000, deflate", null)]
    public async Task Files_are_packed_as_the_browser_can_read_them(string accepted, string? encoding)
    {
        await using var server = await RunningServer.StartAsync(new ProbeOperator());
        using var request = new HttpRequestMessage(HttpMethod.Get, "theme.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);

        using var answer = await server.Http.SendAsync(request, Cancellation);

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("Accept-Encoding", Assert.Single(answer.Headers.Vary));
        if (encoding is null)
        {
            Assert.Contains("data", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_copy_that_is_still_right_is_not_sent_again()
    {
        await using var server = await RunningServer.StartAsync(new ProbeOperator());
        using var first = await server.Http.GetAsync("favicon.svg", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "favicon.svg");
        request.Headers.IfNoneMatch.Add(Assert.IsType<EntityTagHeaderValue>(first.Headers.ETag));

        using var second = await server.Http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Settings_reach_the_page_as_data()
    {
        await using var server = await RunningServer.StartAsync(
            new ProbeOperator(),
            config: [("server.base-path", "/tools/wf"), ("server.ui.title", "</script><b>\"x"), ("server.ui.links.job", "https://jobs.example/{id}")]);

        var script = await server.Http.GetStringAsync("config.js", Cancellation);
        var below = await server.Http.GetStringAsync("tools/wf/config.js", Cancellation);
        var page = await server.Http.GetStringAsync("tools/wf/sessions/1", Cancellation);

        Assert.Equal(
            "window.DIGDAG_CONFIG = {\"url\":\"/tools/wf/api/\",\"title\":\"</script><b>\\\"x\",\"navbar\":{\"brand\":\"</script><b>\\\"x\"},"
            + "\"td\":{\"jobUrl\":\"https://jobs.example/{id}\"}};\n",
            script);
        Assert.Equal(script, below);
        Assert.Contains("<base href=\"/tools/wf/\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_may_be_switched_off()
    {
        await using var server = await RunningServer.StartAsync(new ProbeOperator(), config: [("server.ui.enabled", "false")]);

        using var page = await server.Http.GetAsync("sessions", Cancellation);
        using var api = await server.Http.GetAsync("api/version", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Equal(HttpStatusCode.OK, api.StatusCode);
    }

    [Theory]
    [InlineData("wf")]
    [InlineData("//evil.example/")]
    [InlineData("/a\"b/")]
    [InlineData("/a b/")]
    [InlineData("https://x/")]
    public void A_base_path_that_is_no_path_is_refused(string value)
    {
        var config = new Dictionary<string, string> { ["server.base-path"] = value };

        var failure = Assert.Throws<ConfigException>(() => ServerSettings.Of(config, Path.GetTempPath()));

        Assert.Contains("server.base-path must be a path", failure.Message, StringComparison.Ordinal);
    }
}
