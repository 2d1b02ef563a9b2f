namespace WfRunner.Query.Backends.TreasureData;

/// <summary>
/// The file <c>td.conf</c> of Treasure Data's own command line. Digdag behaviour: operators-td 1.3; unlike there a bare host is
/// accepted as the endpoint and a port is kept.
/// </summary>
public sealed class TdConfFile
{
    private const string LongPrefix = "td.client.";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private TdConfFile()
    {
    }

    /// <summary>The API key; null when the file has none.</summary>
    public string? ApiKey => Value("apikey");

    /// <summary>Host of the endpoint, with its port; null when the file names none.</summary>
    public string? Endpoint { get; private set; }

    /// <summary>Whether the file asks for TLS; null when it does not say.</summary>
    public bool? UsesTls { get; private set; }

    /// <summary>Host of the proxy.</summary>
    public string? ProxyHost => Value("proxy.host");

    /// <summary>Port of the proxy.</summary>
    public string? ProxyPort => Value("proxy.port");

    /// <summary>User of the proxy.</summary>
    public string? ProxyUser => Value("proxy.user");

    /// <summary>Password of the proxy.</summary>
    public string? ProxyPassword => Value("proxy.password");

    /// <summary>Reads the file of the surroundings.</summary>
    /// <param name="surroundings">Where to look.</param>
    /// <returns>The file; null when there is none.</returns>
    public static TdConfFile? Read(TdSurroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(surroundings);
        var path = surroundings.Variable("TREASURE_DATA_CONFIG_PATH")
            ?? surroundings.Variable("TD_CONFIG_PATH")
            ?? Path.Combine(surroundings.Home, ".td", "td.conf");
        return surroundings.ReadFile(path) is { } text ? Parse(text) : null;
    }

    private static TdConfFile Parse(string text)
    {
        var file = new TdConfFile();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOfAny(['=', ':']);
            if (line[0] is not ('[' or '#' or '!') && at > 0)
            {
                file._values[line[..at].Trim()] = line[(at + 1)..].Trim();
            }
        }

        file.ReadEndpoint();
        return file;
    }

    private void ReadEndpoint()
    {
        UsesTls = Value("usessl") is { } word ? word.Equals("true", StringComparison.OrdinalIgnoreCase) : null;
        if (Value("endpoint") is not { } endpoint)
        {
            return;
        }

        if (Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp))
        {
            UsesTls = address.Scheme == Uri.UriSchemeHttps;
            Endpoint = address.Authority;
        }
        else
        {
            Endpoint = endpoint.TrimEnd('/');
        }

        if (Value("port") is { } port && !Endpoint.Contains(':', StringComparison.Ordinal))
        {
            Endpoint += ":" + port;
        }
    }

    // The long names win over the short ones.
    private string? Value(string key) =>
        _values.TryGetValue(LongPrefix + key, out var value) || _values.TryGetValue(key, out value) ? (value.Length > 0 ? value : null) : null;
}
