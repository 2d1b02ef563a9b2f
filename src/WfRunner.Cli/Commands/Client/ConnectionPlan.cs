using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WfRunner.Cli.CommandLine;
using WfRunner.Client;
using WfRunner.Core;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// Finds out which server is meant and how it is reached: options, then configuration, then what Treasure Data's own tools leave
/// behind. Digdag behaviour: cli-client 2.
/// </summary>
/// <param name="arguments">The options.</param>
/// <param name="config">The configuration, a profile's settings included.</param>
/// <param name="surroundings">Environment variables and <c>td.conf</c>.</param>
internal sealed partial class ConnectionPlan(ParsedArguments arguments, IReadOnlyDictionary<string, string> config, TdSurroundings surroundings)
{
    private const string HeaderPrefix = "client.http.headers.";
    private const string Configurator = "io.digdag.standards.td.client-configurator.";

    private static readonly string[] KeyVariables = ["TD_API_KEY", "TREASURE_DATA_API_KEY", "TDX_API_KEY"];
    private static readonly string[] ServerVariables = ["TD_API_SERVER", "TREASURE_DATA_API_SERVER"];

    private readonly Lazy<TdConfFile?> _file = new(() => TdConfFile.Read(surroundings));

    /// <summary>The server, and how to reach it.</summary>
    /// <param name="context">Where messages go.</param>
    /// <exception cref="CommandLineException">An option is malformed.</exception>
    /// <exception cref="WorkflowException">An address is.</exception>
    public ClientSettings Settings(CommandContext context)
    {
        var endpoint = Endpoint();
        return new ClientSettings
        {
            Endpoint = endpoint,
            Headers = Headers(endpoint),
            ProgramVersion = context.Version,
            DisablesDirectDownload = config.GetValueOrDefault("client.http.disable_direct_download") == "true" || HostedEndpoint.IsPrivate(endpoint.Host),
            DisablesCertificateValidation = arguments.Has(ClientOptions.NoCertificateCheck),
            Timeout = Timeout(),
            Proxy = new EnvironmentProxy(surroundings.Variable, text => context.Error.WriteLine("warning: " + text)),
            Retrying = text => context.Error.WriteLine(text),
            Progress = context.Terminal is { } terminal ? new TransferLine(context.Error, terminal).Show : null,
        };
    }

    /// <summary>The address of the server.</summary>
    public Uri Endpoint()
    {
        if (arguments.Value(ClientOptions.Endpoint) is { } given)
        {
            return HostedEndpoint.TryOf(given) ?? ServerEndpoint.Parse(given);
        }

        if (arguments.Value(ClientOptions.Site) is { } site)
        {
            return HostedEndpoint.OfSite(site);
        }

        // Digdag's own integration, off by default, replaces the configured address.
        if (UsesTdConf())
        {
            return ServerEndpoint.Parse(config.GetValueOrDefault(Configurator + "endpoint") ?? "https://api-workflow.treasuredata.com");
        }

        if (config.GetValueOrDefault("client.http.endpoint") is { } configured)
        {
            return HostedEndpoint.TryOf(configured) ?? ServerEndpoint.Parse(configured);
        }

        if (config.GetValueOrDefault("client.site") is { } configuredSite)
        {
            return HostedEndpoint.OfSite(configuredSite);
        }

        return arguments.Value(TargetOption.Target) == "td" ? HostedDefault() : ServerEndpoint.Parse(ServerEndpoint.Default);
    }

    // What Treasure Data's own command line would talk to.
    private Uri HostedDefault() =>
        (First(ServerVariables) ?? _file.Value?.Endpoint) is { } api ? HostedEndpoint.Of(api) : HostedEndpoint.OfSite("us01");

    private bool UsesTdConf() => config.GetValueOrDefault(Configurator + "enabled") == "true" && _file.Value?.ApiKey is not null;

    // Configuration, then -H, then --basic-auth: later ones win, whatever the case of the names.
    private Dictionary<string, string> Headers(Uri endpoint)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in config.Where(p => p.Key.StartsWith(HeaderPrefix, StringComparison.Ordinal)))
        {
            headers[key[HeaderPrefix.Length..]] = value;
        }

        if (UsesTdConf() && !arguments.Has(ClientOptions.Endpoint))
        {
            headers["Authorization"] = "TD1 " + _file.Value!.ApiKey;
        }

        foreach (var (name, value) in arguments.KeyValues(ClientOptions.Header))
        {
            headers[name] = value;
        }

        if (arguments.Value(ClientOptions.BasicAuth) is { } credentials)
        {
            headers["Authorization"] = UserAndPassword().IsMatch(credentials)
                ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
                : throw new CommandLineException("Expected format: username:password");
        }

        AddHostedKey(headers, endpoint);
        return headers;
    }

    // A key found in the surroundings goes to the hosted service only, and only encrypted; one without its scheme gets it.
    private void AddHostedKey(Dictionary<string, string> headers, Uri endpoint)
    {
        if (!headers.TryGetValue("Authorization", out var authorization) && HostedEndpoint.IsWorkflowHost(endpoint.Host) && endpoint.Scheme == Uri.UriSchemeHttps)
        {
            authorization = First(KeyVariables) ?? config.GetValueOrDefault("secrets.td.apikey") ?? _file.Value?.ApiKey;
        }

        if (authorization is not null)
        {
            headers["Authorization"] = BareKey().IsMatch(authorization) ? "TD1 " + authorization : authorization;
        }
    }

    private TimeSpan Timeout() => config.GetValueOrDefault("client.http.timeout") switch
    {
        null => TimeSpan.FromMinutes(5),
        var text when int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => TimeSpan.FromSeconds(seconds),
        var text => throw new CommandLineException($"client.http.timeout must be a number of seconds, but is {text}"),
    };

    private string? First(IEnumerable<string> variables) => variables.Select(surroundings.Variable).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();

    [GeneratedRegex("^.+:.+$", RegexOptions.CultureInvariant)]
    private static partial Regex UserAndPassword();

    [GeneratedRegex("^[0-9]+/[0-9a-zA-Z]+$", RegexOptions.CultureInvariant)]
    private static partial Regex BareKey();
}
