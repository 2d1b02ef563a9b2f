using System.Net;

namespace WfRunner.Server.Tests.Http;

public sealed class Http2Tests
{
    [Fact]
    public async Task HTTP_2_is_spoken_on_a_port_of_its_own()
    {
        await using var server = await RunningServer.StartAsync(
            new ProbeOperator(), config: [("server.http.http2-port", "0"), ("server.http.enable-http2", "true"), ("server.admin.port", "0")]);

        Assert.Equal(HttpVersion.Version11, await VersionAsync(server, server.Server.Address.ToString(), HttpVersion.Version11));
        Assert.Equal(HttpVersion.Version20, await VersionAsync(server, server.Server.Http2Address!.ToString(), HttpVersion.Version20));
        Assert.Equal(HttpVersion.Version11, await VersionAsync(server, server.Server.AdminAddress!.ToString(), HttpVersion.Version11));
        await Assert.ThrowsAsync<HttpRequestException>(() => VersionAsync(server, server.Server.Address.ToString(), HttpVersion.Version20));
    }

    private static async Task<Version> VersionAsync(RunningServer server, string address, Version version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{address}/api/version")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return response.Version;
    }
}
