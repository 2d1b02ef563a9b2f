using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Query.Tests.Backends.TreasureData;

/// <summary>Where the settings of Treasure Data come from, and what beats what (operators-td 1.3).</summary>
public sealed class TdSettingsTests
{
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _system = new(StringComparer.Ordinal);
    private ConfigMap _parameters = ConfigMap.Empty;

    private TdSettings Settings => new(
        new BackendSettings(_parameters, new Secrets(_secrets), _system),
        new TdSurroundings(_variables.GetValueOrDefault, _files.GetValueOrDefault, "/home/me"));

    [Fact]
    public void Nothing_said_is_not_configured()
    {
        Assert.False(Settings.IsConfigured);
        Assert.Equal("The 'td.apikey' secret is missing", Assert.Throws<ConfigException>(() => Settings.Connection()).Message);
    }

    [Fact]
    public void A_key_is_enough()
    {
        _secrets["td.apikey"] = " 1/abc ";

        Assert.True(Settings.IsConfigured);
        var connection = Settings.Connection();
        Assert.Equal("https://api.treasuredata.com", connection.ToString());
        Assert.Equal("1/abc", connection.ApiKey());
    }

    [Theory]
    [InlineData("endpoint = https://api.example.com\napikey = 1/file", "https://api.example.com", "1/file")]
    [InlineData("[account]\n# note\nendpoint=http://127.0.0.1:8080\napikey=1/file", "http://127.0.0.1:8080", "1/file")]
    [InlineData("endpoint = api.example.com\r\napikey = 1/file\r\n", "https://api.example.com", "1/file")]
    [InlineData("td.client.endpoint=a.example.com\nendpoint=b.example.com\nport=99\nusessl=false\napikey=1/file\ntd.client.apikey=1/long", "http://a.example.com:99", "1/long")]
    public void The_file_of_the_command_line_of_Treasure_Data_is_read(string text, string address, string key)
    {
        _files["/home/me/.td/td.conf"] = text;

        Assert.True(Settings.IsConfigured);
        Assert.Equal(address, Settings.Connection().BaseAddress);
        Assert.Equal(key, Settings.Connection().ApiKey());
    }

    [Theory]
    [InlineData("TREASURE_DATA_CONFIG_PATH")]
    [InlineData("TD_CONFIG_PATH")]
    public void The_file_may_be_elsewhere(string variable)
    {
        _variables[variable] = "/etc/td.conf";
        _files["/etc/td.conf"] = "apikey=1/there";
        _files["/home/me/.td/td.conf"] = "apikey=1/home";

        Assert.Equal("1/there", Settings.Connection().ApiKey());
    }

    [Fact]
    public void A_secret_beats_a_parameter_beats_the_file_beats_the_system()
    {
        _secrets["td.apikey"] = "1/abc";
        _system["config.td.default_endpoint"] = "system.example.com";
        Assert.Equal("https://system.example.com", Settings.Connection().BaseAddress);

        _files["/home/me/.td/td.conf"] = "endpoint=http://file.example.com";
        Assert.Equal("http://file.example.com", Settings.Connection().BaseAddress);

        _parameters = ConfigMap.Of(("endpoint", "parameter.example.com:8443"), ("use_ssl", true));
        Assert.Equal("https://parameter.example.com:8443", Settings.Connection().BaseAddress);

        _secrets["td.endpoint"] = "secret.example.com";
        _secrets["td.use_ssl"] = "no";
        Assert.Equal("http://secret.example.com", Settings.Connection().BaseAddress);
    }

    [Fact]
    public void The_variable_is_the_last_source_of_a_key()
    {
        _variables["TD_API_KEY"] = "1/variable";
        Assert.Equal("1/variable", Settings.Connection().ApiKey());

        _files["/home/me/.td/td.conf"] = "apikey=1/file";
        Assert.Equal("1/file", Settings.Connection().ApiKey());
    }

    [Fact]
    public void A_shared_server_can_keep_its_own_file_and_variables_out()
    {
        _variables["TD_API_KEY"] = "1/variable";
        _files["/home/me/.td/td.conf"] = "apikey=1/file";
        _system["io.digdag.standards.td.secrets.enabled"] = "false";

        Assert.False(Settings.IsConfigured);
    }

    [Theory]
    [InlineData("https_proxy", "http://proxy.example.com:3128", true, "proxy.example.com:3128")]
    [InlineData("HTTPS_PROXY", "proxy.example.com:3128", true, "proxy.example.com:3128")]
    [InlineData("http_proxy", "http://proxy.example.com", true, "proxy.example.com:80")]
    [InlineData("http_proxy", "http://proxy.example.com:3128", false, "proxy.example.com:3128")]
    [InlineData("https_proxy", "http://proxy.example.com:3128", false, null)]
    [InlineData("https_proxy", "  ", true, null)]
    [InlineData("https_proxy", "http://", true, null)]
    public void The_environment_may_name_a_proxy(string variable, string value, bool isTls, string? proxy)
    {
        _secrets["td.apikey"] = "1/abc";
        _parameters = ConfigMap.Of(("use_ssl", isTls));
        _variables[variable] = value;

        Assert.Equal(proxy, Settings.Connection().Proxy?.ToString());
    }

    [Theory]
    [InlineData("*")]
    [InlineData("other.example.com, .treasuredata.com")]
    [InlineData("api.treasuredata.com")]
    public void Hosts_may_be_excepted_from_the_proxy(string list)
    {
        _secrets["td.apikey"] = "1/abc";
        _variables["https_proxy"] = "http://proxy.example.com:3128";
        _variables["no_proxy"] = list;

        Assert.Null(Settings.Connection().Proxy);
    }

    [Fact]
    public void A_proxy_of_the_environment_may_have_a_user()
    {
        _secrets["td.apikey"] = "1/abc";
        _variables["https_proxy"] = "http://me%40x:p%3Aw@proxy.example.com:3128";

        Assert.Equal(new TdProxy("proxy.example.com", 3128, "me@x", "p:w"), Settings.Connection().Proxy);
        Assert.DoesNotContain("p:w", Settings.Connection().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_of_the_task_beats_the_environment()
    {
        _secrets["td.apikey"] = "1/abc";
        _secrets["td.proxy.password"] = "pw";
        _variables["https_proxy"] = "http://proxy.example.com:3128";
        _parameters = ConfigMap.Of(("proxy", ConfigMap.Of(("enabled", true), ("user", "me"))));

        Assert.Equal(new TdProxy("localhost", 8080, "me", "pw"), Settings.Connection().Proxy);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0")]
    [InlineData("70000")]
    public void A_wrong_port_is_told_without_a_trace(string port)
    {
        _secrets["td.apikey"] = "1/abc";
        _secrets["td.proxy.enabled"] = "true";
        _secrets["td.proxy.port"] = port;

        Assert.Equal("The port of the proxy must be a number from 1 to 65535", Assert.Throws<ConfigException>(() => Settings.Connection()).Message);
    }

    private sealed class Secrets(Dictionary<string, string> values) : ISecretProvider
    {
        public string? Find(string key) => values.GetValueOrDefault(key);
    }
}
