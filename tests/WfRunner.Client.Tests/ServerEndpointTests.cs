using WfRunner.Core;

namespace WfRunner.Client.Tests;

public sealed class ServerEndpointTests
{
    [Theory]
    [InlineData("host", "http://host/")]
    [InlineData("host:8080", "http://host:8080/")]
    [InlineData("127.0.0.1:65432", "http://127.0.0.1:65432/")]
    [InlineData("[::1]:65432", "http://[::1]:65432/")]
    [InlineData("http://host", "http://host/")]
    [InlineData("https://host", "https://host/")]
    [InlineData("https://host:8443/", "https://host:8443/")]
    [InlineData("http://host:999/any/path", "http://host:999/any/path/")]
    public void An_endpoint_is_a_host_or_a_url(string text, string url) => Assert.Equal(url, ServerEndpoint.Parse(text).ToString());

    [Theory]
    [InlineData("ftp://x", "Endpoint must start with http:// or https://: ftp://x")]
    [InlineData("HTTP://x", "Endpoint must start with http:// or https://: HTTP://x")]
    [InlineData("host:abc", "For input string: \"abc\"")]
    [InlineData("", "Endpoint is no valid address: ")]
    public void Anything_else_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<WorkflowException>(() => ServerEndpoint.Parse(text)).Message);
}
