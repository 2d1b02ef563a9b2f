using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Server.Settings;

namespace WfRunner.Server.Tests.Settings;

public sealed class KnownKeysTests
{
    [Theory]
    [InlineData("server.prot", "1", "server.prot is not known and has no effect; did you mean server.port?")]
    [InlineData("executor.attempt_tll", "1d", "did you mean executor.attempt_ttl?")]
    [InlineData("server.zzzzzzzzzzzzzzzz", "1", "docs/server.md lists the keys")]
    [InlineData("server.http.io-threads", "8", "server.http.io-threads has no effect: requests are answered without threads")]
    [InlineData("server.jmx.port", "0", "/metrics")]
    [InlineData("server.http.enable-http2", "true", "server.http.http2-port")]
    [InlineData("metrics.enable", "jmx", "/metrics")]
    [InlineData("metrics.fluency.host", "h:1", "/metrics")]
    [InlineData("archive.s3.bukcet", "b", "archive.s3.bukcet is not known and has no effect; did you mean archive.s3.bucket?")]
    [InlineData("archive.db.direct_download", "true", "archive.db.direct_download has no effect: archives in the database come from this server")]
    [InlineData("basicauth.username", "a", "Setting basicauth.username or basicauth.password works but is deprecated.")]
    [InlineData("system-plugin.repositories.1", "x", "wf-operator-NAME")]
    [InlineData("executor.enqueue_fetch_size", "1", "has no effect")]
    public void What_has_no_effect_is_said_with_what_to_use_instead(string key, string value, string expected)
    {
        var warnings = Read((key, value), ("basicauth.password", "b")).Warnings;

        Assert.Contains(warnings, w => w.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("server.port", "1")]
    [InlineData("server.http.headers.X", "1")]
    [InlineData("server.environment.HOME", "/root")]
    [InlineData("config.td.default_endpoint", "x")]
    [InlineData("client.http.endpoint", "x")]
    [InlineData("params.a", "x")]
    [InlineData("notification.mail.host", "x")]
    [InlineData("agent.command_executor.type", "simple")]
    [InlineData("server.authenticator.tokens.ci.value", "x")]
    [InlineData("java.home", "x")]
    public void What_works_or_is_somebody_elses_is_not_said(string key, string value) => Assert.Empty(Read((key, value)).Warnings);

    [Theory]
    [InlineData("metrics.enable", "statsd", "Unsupported digdag-metrics monitor system:statsd")]
    [InlineData("executor.account_routing.enabled", "true", "account_routing: include or exclude must be defined exclusively.")]
    [InlineData("log-server.type", "ftp", "Unknown storage type: ftp")]
    [InlineData("server.port", "abc", "Expected integer (int) type for key 'server.port' but got \"abc\" (string)")]
    [InlineData("server.http.io-idle-timeout", "0", "server.http.io-idle-timeout must be greater than 0, but is 0")]
    public void What_Digdag_refuses_is_refused(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Throws<ConfigException>(() => Read((key, value))).Message);

    [Fact]
    public void Values_of_secrets_are_masked_and_those_of_clients_are_left_out()
    {
        var shown = SettingMask.Show(new Dictionary<string, string>
        {
            ["server.port"] = "1",
            ["database.password"] = "p1",
            ["digdag.secret-encryption-key"] = "p2",
            ["notification.http.url"] = "https://hooks.example/p3",
            ["notification.http.headers.Authorization"] = "p4",
            ["server.authenticator.basic.users.ann.password"] = "p5",
            ["server.authenticator.tokens.ci.value"] = "p6",
            ["param_server.password"] = "p7",
            ["digdag.defaultParams"] = "{\"x\":\"p8\"}",
            ["client.http.headers.authorization"] = "p9",
            ["secrets.td.apikey"] = "p10",
            ["params.key"] = "p11",
            ["server.environment.TOKEN"] = "p12",
            ["notification.shell.command"] = "curl -H p13",
            ["archive.gcs.credentials.json.content"] = "p14",
        });

        Assert.Equal("1", shown.GetString("server.port"));
        Assert.DoesNotMatch(@"p\d", shown.ToString());
    }

    private static ServerSettings Read(params (string Key, string Value)[] config) =>
        ServerSettings.Of(config.DistinctBy(p => p.Key).ToDictionary(p => p.Key, p => p.Value), "/");
}
