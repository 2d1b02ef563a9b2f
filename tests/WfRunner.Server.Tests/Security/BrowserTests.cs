namespace WfRunner.Server.Tests.Security;

/// <summary>Attacks: a page of another site uses a visitor's browser.</summary>
public sealed class BrowserTests
{
    private readonly ProbeOperator _probe = new();

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site\r\n", "403")]
    [InlineData("Sec-Fetch-Site: same-site\r\n", "403")]
    [InlineData("Origin: http://evil.example\r\n", "403")]
    [InlineData("Origin: http://127.0.0.1:1\r\n", "403")]
    [InlineData("Origin: null\r\n", "403")]
    [InlineData("Origin: http://evil.example\r\nX-Forwarded-Host: good.example\r\n", "403")]
    [InlineData("Sec-Fetch-Site: same-origin\r\nOrigin: http://behind.proxy\r\n", "404")]
    [InlineData("Sec-Fetch-Site: none\r\n", "404")]
    [InlineData("Origin: http://{host}\r\n", "404")]
    [InlineData("Origin: https://good.example\r\nX-Forwarded-Host: good.example\r\n", "404")]
    [InlineData("Origin: https://friend.example\r\nSec-Fetch-Site: cross-site\r\n", "404")]
    [InlineData("", "404")]
    public async Task A_change_is_taken_from_programs_and_own_pages_only(string headers, string expected)
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.http.allowed-origins", "https://friend.example")]);
        var own = headers.Replace("{host}", server.Server.Address.ToString(), StringComparison.Ordinal);

        var answer = await RawConnection.AskAsync(server, "POST /api/attempts/1/kill HTTP/1.1", own + "Content-Length: 0\r\n");

        Assert.StartsWith($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", "421")]
    [InlineData("evil.example:65432", "421")]
    [InlineData("localhost.evil.example", "421")]
    [InlineData("127.0.0.1.evil.example", "421")]
    [InlineData("localhost:1", "200")]
    [InlineData("[::1]:1", "200")]
    [InlineData("wf.example:443", "200")]
    public async Task A_name_that_another_site_points_here_is_not_answered(string host, string expected)
    {
        await using var server = await RunningServer.StartAsync(_probe, config: [("server.http.allowed-hosts", "wf.example")]);

        var answer = await RawConnection.AskAsync(server, "GET /api/projects HTTP/1.1", host: host);

        Assert.StartsWith($"HTTP/1.1 {expected} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_credentials_are_asked_for_any_name_will_do()
    {
        await using var server = await RunningServer.StartAsync(
            _probe, config: [("server.authenticator.basic.username", "ann"), ("server.authenticator.basic.password", "pw")]);

        var answer = await RawConnection.AskAsync(server, "GET /api/projects HTTP/1.1", "Authorization: Basic YW5uOnB3\r\n", "wf.example");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "https://friend.example", "https://friend.example")]
    [InlineData(false, "https://evil.example", null)]
    [InlineData(true, "https://evil.example", "*")]
    public async Task Pages_of_other_sites_may_read_only_where_that_is_configured(bool hasSwagger, string origin, string? allowed)
    {
        await using var server = await RunningServer.StartAsync(
            _probe,
            config: [("server.http.allowed-origins", "https://friend.example"), ("server.enable-swagger", hasSwagger ? "true" : "false")]);

        var answer = await RawConnection.AskAsync(server, "GET /api/version HTTP/1.1", $"Origin: {origin}\r\n");

        Assert.Equal(allowed is not null, answer.Contains($"Access-Control-Allow-Origin: {allowed}\r\n", StringComparison.Ordinal));
        Assert.Equal(allowed is not null, answer.Contains("Access-Control-Allow-Credentials: true", StringComparison.Ordinal));
    }
}
