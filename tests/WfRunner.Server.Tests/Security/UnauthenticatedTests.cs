using System.Text.Json.Nodes;

namespace WfRunner.Server.Tests.Security;

/// <summary>Attacks: getting at something without credentials.</summary>
public sealed class UnauthenticatedTests
{
    private readonly ProbeOperator _probe = new();

    [Theory]
    [InlineData("/api/projects")]
    [InlineData("/API/projects")]
    [InlineData("/Api/Projects")]
    [InlineData("/api/./projects")]
    [InlineData("/x/../api/projects")]
    [InlineData("/%61pi/projects")]
    [InlineData("/api/projects/")]
    [InlineData("/api%2Fprojects")]
    [InlineData("//api/projects")]
    [InlineData("/api//projects")]
    [InlineData("/api/version/../projects")]
    [InlineData("/api/version/check?client=1.0")]
    [InlineData("/api/version;/../projects")]
    [InlineData("/api/events")]
    [InlineData("/API/events")]
    [InlineData("/api/openapi.json")]
    [InlineData("/api/admin/status")]
    [InlineData("/metrics")]
    [InlineData("/METRICS")]
    [InlineData("/metrics/")]
    public async Task No_spelling_of_a_path_leads_past_the_password(string path)
    {
        await using var server = await StartAsync();
        await server.PushAsync("demo", "r1");

        var answer = await RawConnection.AskAsync(server, $"GET {path} HTTP/1.1");

        // What is no path of the API shows the web UI's page, which everybody may see.
        Assert.True(
            answer.StartsWith("HTTP/1.1 401 ", StringComparison.Ordinal)
            || answer.StartsWith("HTTP/1.1 404 ", StringComparison.Ordinal)
            || answer.Contains("\r\nContent-Type: text/html", StringComparison.Ordinal),
            answer);
        Assert.DoesNotContain("demo", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_operation_but_the_version_needs_credentials()
    {
        await using var open = await RunningServer.StartAsync(_probe);
        var paths = JsonNode.Parse(await open.Http.GetStringAsync("api/openapi.json", TestContext.Current.CancellationToken))!["paths"]!.AsObject();
        await using var server = await StartAsync();

        foreach (var (path, operations) in paths)
        {
            foreach (var (method, _) in operations!.AsObject())
            {
                var filled = path.Replace("{id}", "1", StringComparison.Ordinal).Replace("{name}", "a", StringComparison.Ordinal)
                    .Replace("{key}", "a", StringComparison.Ordinal).Replace("{fileName}", "a", StringComparison.Ordinal);
                var answer = await RawConnection.AskAsync(server, $"{method.ToUpperInvariant()} {filled} HTTP/1.1");
                var expected = path == "/api/version" ? "200" : "401";
                Assert.True(answer.StartsWith($"HTTP/1.1 {expected} ", StringComparison.Ordinal), $"{method} {path}: {answer}");
            }
        }
    }

    [Theory]
    [InlineData("Authorization: Basic\r\n")]
    [InlineData("Authorization: Basic !!!\r\n")]
    [InlineData("Authorization: Basic Og==\r\n")]
    [InlineData("Authorization: Basic YW5uOnB3\r\nAuthorization: Basic YW5uOnh4\r\n")]
    [InlineData("Authorization: YW5uOnB3\r\n")]
    [InlineData("Proxy-Authorization: Basic YW5uOnB3\r\n")]
    [InlineData("Cookie: authorization=Basic YW5uOnB3\r\n")]
    public async Task Headers_that_are_no_credentials_are_refused_and_never_a_fault(string headers)
    {
        await using var server = await StartAsync();

        var answer = await RawConnection.AskAsync(server, "GET /api/projects HTTP/1.1", headers);

        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_are_no_cookies()
    {
        await using var server = await StartAsync();

        foreach (var headers in (string[])["", "Authorization: Basic YW5uOnB3\r\n"])
        {
            var answer = await RawConnection.AskAsync(server, "GET /api/projects HTTP/1.1", headers);
            Assert.DoesNotContain("set-cookie", answer, StringComparison.OrdinalIgnoreCase);
        }
    }

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(
        _probe, config: [("server.authenticator.basic.username", "ann"), ("server.authenticator.basic.password", "pw")]);
}
