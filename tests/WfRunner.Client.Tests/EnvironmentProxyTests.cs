namespace WfRunner.Client.Tests;

public sealed class EnvironmentProxyTests
{
    [Theory]
    [InlineData("http://x/", "http_proxy=http://p", "http://p:8080/")]
    [InlineData("http://x/", "HTTP_PROXY=p:3128", "http://p:3128/")]
    [InlineData("http://x/", "http_proxy= ;HTTP_PROXY=https://p:80", "https://p:80/")]
    [InlineData("http://x/", "https_proxy=http://p", null)]
    [InlineData("https://x/", "https_proxy=http://a;http_proxy=http://b", "http://a:8080/")]
    [InlineData("https://x/", "HTTP_PROXY=http://b:1", "http://b:1/")]
    [InlineData("https://x/", "http_proxy=http://u:s3cret@b:1", "http://b:1/")]
    [InlineData("https://x/", "http_proxy=http://b;no_proxy=x", null)]
    [InlineData("https://a.x/", "http_proxy=http://b;NO_PROXY=.x", null)]
    [InlineData("https://ax/", "http_proxy=http://b;no_proxy=x", "http://b:8080/")]
    [InlineData("https://x/", "http_proxy=http://b;no_proxy=*", null)]
    public void The_first_variable_that_is_not_blank_counts(string url, string variables, string? proxy)
    {
        var environment = variables.Split(';').Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        var chosen = new EnvironmentProxy(name => environment.GetValueOrDefault(name), _ => Assert.Fail("no warning is due"));

        Assert.Equal(proxy, chosen.IsBypassed(new Uri(url)) ? null : chosen.GetProxy(new Uri(url))?.AbsoluteUri);
    }

    [Fact]
    public void Broken_variables_are_told_once_without_their_text()
    {
        var warnings = new List<string>();
        var proxy = new EnvironmentProxy(name => name == "http_proxy" ? "ftp://user:s3cret@host" : null, warnings.Add);

        Assert.True(proxy.IsBypassed(new Uri("http://x/")));
        Assert.True(proxy.IsBypassed(new Uri("http://y/")));
        Assert.DoesNotContain("s3cret", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void User_and_password_are_those_of_the_proxys_url()
    {
        var proxy = new EnvironmentProxy(name => name == "http_proxy" ? "http://u%40:s3%3Acret@host:1" : null, _ => { });
        var credential = proxy.Credentials!.GetCredential(new Uri("http://host:1"), "Basic")!;

        Assert.Equal(("u@", "s3:cret"), (credential.UserName, credential.Password));
        Assert.Null(proxy.Credentials.GetCredential(new Uri("http://other:1"), "Basic"));
    }
}
