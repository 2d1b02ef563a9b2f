using System.Text;
using System.Text.RegularExpressions;
using WfRunner.Cli.CommandLine;
using WfRunner.Client;

namespace WfRunner.Cli.Commands.Client;

/// <summary>The options of every command that talks to a server, and the connection they describe. Digdag behaviour: cli-client 1.3, 2.</summary>
internal static partial class ClientOptions
{
    private const string HeaderPrefix = "client.http.headers.";

    private static readonly OptionSyntax Endpoint = OptionSyntax.Value(
        "URL", $"server endpoint (default: {ServerEndpoint.Default})", "-e", "--endpoint");

    private static readonly OptionSyntax Header = OptionSyntax.KeyValues("add an HTTP header", "-H", "--header");

    private static readonly OptionSyntax BasicAuth = OptionSyntax.Value("USER:PASS", "authenticate with user name and password", "--basic-auth");

    private static readonly OptionSyntax NoVersionCheck = OptionSyntax.Flag("do not ask the server about this version", "--disable-version-check");

    private static readonly OptionSyntax NoCertificateCheck = OptionSyntax.Flag("accept any TLS certificate", "--disable-cert-validation");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OptionSyntax> All { get; } = [Endpoint, Header, BasicAuth, NoVersionCheck, NoCertificateCheck];

    /// <summary>Whether the version check is left out.</summary>
    public static bool SkipsVersionCheck(ParsedArguments arguments) => arguments.Has(NoVersionCheck);

    /// <summary>The server and how to reach it.</summary>
    /// <exception cref="CommandLineException">An option is malformed.</exception>
    public static ClientSettings SettingsOf(ParsedArguments arguments, CommandContext context)
    {
        var config = context.SystemConfig;
        return new ClientSettings
        {
            Endpoint = ServerEndpoint.Parse(arguments.Value(Endpoint) ?? config.GetValueOrDefault("client.http.endpoint") ?? ServerEndpoint.Default),
            Headers = HeadersOf(arguments, config),
            ProgramVersion = context.Version,
            DisablesDirectDownload = config.GetValueOrDefault("client.http.disable_direct_download") == "true",
            DisablesCertificateValidation = arguments.Has(NoCertificateCheck),
            Retrying = text => context.Error.WriteLine(text),
        };
    }

    // Configuration, then -H, then --basic-auth: later ones win, whatever the case of the names.
    private static Dictionary<string, string> HeadersOf(ParsedArguments arguments, IReadOnlyDictionary<string, string> config)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in config.Where(p => p.Key.StartsWith(HeaderPrefix, StringComparison.Ordinal)))
        {
            headers[key[HeaderPrefix.Length..]] = value;
        }

        foreach (var (name, value) in arguments.KeyValues(Header))
        {
            headers[name] = value;
        }

        if (arguments.Value(BasicAuth) is { } credentials)
        {
            headers["Authorization"] = UserAndPassword().IsMatch(credentials)
                ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
                : throw new CommandLineException("Expected format: username:password");
        }

        return headers;
    }

    [GeneratedRegex("^.+:.+$", RegexOptions.CultureInvariant)]
    private static partial Regex UserAndPassword();
}
