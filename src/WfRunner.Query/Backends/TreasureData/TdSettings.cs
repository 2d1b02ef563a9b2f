using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>
/// Reads how Treasure Data is reached: for each item a secret, then the parameter, then <c>td.conf</c>, then the system
/// configuration, then a default. Digdag behaviour: operators-td 1.3; unlike there a parameter beats <c>td.conf</c>, and
/// <c>TD_API_KEY</c> counts without that file.
/// </summary>
internal sealed class TdSettings
{
    private const string DefaultEndpoint = "api.treasuredata.com";
    private const string DefaultEndpointKey = "config.td.default_endpoint";
    private const int DefaultProxyPort = 8080;

    private readonly BackendSettings _settings;
    private readonly TdSurroundings _surroundings;
    private readonly TdConfFile? _file;

    public TdSettings(BackendSettings settings, TdSurroundings surroundings)
    {
        _settings = settings;

        // A shared server can keep its own user's file and variables from the tasks of others.
        var mayUseSurroundings = settings.SystemConfig.GetValueOrDefault("io.digdag.standards.td.secrets.enabled") != "false";
        _surroundings = mayUseSurroundings ? surroundings : surroundings with { Variable = static _ => null, ReadFile = static _ => null };
        _file = TdConfFile.Read(_surroundings);
    }

    /// <summary>Whether anything says that queries belong to Treasure Data: a key, or an address.</summary>
    public bool IsConfigured => FindKey() is not null || Secret("endpoint") is not null || Parameter("endpoint") is not null
        || _settings.SystemConfig.ContainsKey(DefaultEndpointKey);

    /// <summary>Puts the settings together.</summary>
    /// <exception cref="ConfigException">There is no key, or a value is wrong.</exception>
    public TdConnection Connection()
    {
        _ = Key();
        var isTls = UsesTls();
        return new TdConnection(Endpoint(), isTls, Key, Proxy(isTls));
    }

    private string Key()
    {
        var key = FindKey() ?? throw new ConfigException("The 'td.apikey' secret is missing")
        {
            Advice = "Set it with `wf secrets --local --set td.apikey`, or run the queries locally with `backend: duckdb` under `_export: td:`.",
        };
        key = key.Trim();
        return key.Length == 0 ? throw new ConfigException("The 'td.apikey' secret is empty")
            : key.Any(char.IsControl) ? throw new ConfigException("The 'td.apikey' secret holds control characters")
            : key;
    }

    private string? FindKey() => Secret("apikey") ?? _file?.ApiKey ?? _surroundings.Variable("TD_API_KEY");

    private string Endpoint()
    {
        var endpoint = Secret("endpoint")
            ?? Parameter("endpoint")
            ?? _file?.Endpoint
            ?? _settings.SystemConfig.GetValueOrDefault(DefaultEndpointKey)
            ?? DefaultEndpoint;
        return Uri.TryCreate("https://" + endpoint, UriKind.Absolute, out var address) && address.PathAndQuery == "/" && endpoint[^1] != '/'
            ? endpoint
            : throw new ConfigException($"Parameter 'endpoint' must be a host, with a port where needed, but is {endpoint}");
    }

    private bool UsesTls() => SecretFlag("use_ssl") ?? ParameterFlag(_settings.Parameters, "use_ssl") ?? _file?.UsesTls ?? true;

    private TdProxy? Proxy(bool isTls)
    {
        var section = _settings.Parameters.GetMapOrEmpty("proxy");
        var isEnabled = SecretFlag("proxy.enabled") ?? ParameterFlag(section, "enabled") ?? _file?.ProxyHost is not null;
        if (!isEnabled)
        {
            return ProxyOfEnvironment(isTls);
        }

        return new TdProxy(
            Secret("proxy.host") ?? section.GetStringOrNull("host") ?? _file?.ProxyHost ?? "localhost",
            Port(Secret("proxy.port") ?? _settings.Parameters.GetMapOrEmpty("proxy").GetStringOrNull("port") ?? _file?.ProxyPort),
            Secret("proxy.user") ?? section.GetStringOrNull("user") ?? _file?.ProxyUser,
            Secret("proxy.password") ?? section.GetStringOrNull("password") ?? _file?.ProxyPassword);
    }

    private TdProxy? ProxyOfEnvironment(bool isTls)
    {
        string[] names = isTls ? ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"] : ["http_proxy", "HTTP_PROXY"];
        var given = names.Select(_surroundings.Variable).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();
        if (given is null || IsExcepted())
        {
            return null;
        }

        var text = given.Contains("://", StringComparison.Ordinal) ? given : "http://" + given;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0)
        {
            return null;
        }

        var user = address.UserInfo.Split(':', 2);
        return new TdProxy(
            address.Host,
            address.Port,
            address.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(user[0]),
            user.Length < 2 ? null : Uri.UnescapeDataString(user[1]));
    }

    // Hosts named by no_proxy, and those below a domain named there.
    private bool IsExcepted()
    {
        var host = Endpoint().Split(':')[0];
        var list = _surroundings.Variable("no_proxy") ?? _surroundings.Variable("NO_PROXY") ?? string.Empty;
        return list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Any(
            entry => entry == "*"
                || host.Equals(entry.TrimStart('.'), StringComparison.OrdinalIgnoreCase)
                || host.EndsWith("." + entry.TrimStart('.'), StringComparison.OrdinalIgnoreCase));
    }

    private static int Port(string? text) => text is null ? DefaultProxyPort
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port
        : throw new ConfigException("The port of the proxy must be a number from 1 to 65535");

    private string? Secret(string key) => _settings.Secrets.Find("td." + key);

    private bool? SecretFlag(string key) => Secret(key) is { } word ? word.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) : null;

    private string? Parameter(string key) => _settings.Parameters.GetStringOrNull(key) is { Length: > 0 } text ? text : null;

    private static bool? ParameterFlag(ConfigMap map, string key) => map[key] is { IsNull: false } ? map.GetBoolean(key) : null;
}
