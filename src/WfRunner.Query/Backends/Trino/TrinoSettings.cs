using System.Globalization;
using System.Text;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.Trino;

/// <summary>
/// How the server is reached: for each item the secret <c>trino.*</c>, then the section <c>trino</c> of the task or of <c>td</c>, then
/// <c>query.trino.*</c> of the system configuration.
/// </summary>
/// <param name="Server">Scheme, host and port.</param>
/// <param name="User">Who runs the queries.</param>
/// <param name="Catalog">Catalog of unqualified schemas; null for the server's.</param>
/// <param name="Authorization">Value of the header; null for none.</param>
/// <param name="Properties">Session properties by name.</param>
/// <param name="Trust">Which certificates of the server are believed.</param>
internal sealed record TrinoSettings(
    Uri Server, string User, string? Catalog, string? Authorization, IReadOnlyDictionary<string, string> Properties, TrinoTrust Trust)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="ConfigException">One is missing or wrong.</exception>
    public static TrinoSettings Read(BackendSettings settings)
    {
        var section = settings.Parameters.GetMapOrEmpty("trino");
        var host = Item("host") ?? throw new ConfigException(
            "The backend trino needs a host: set the secret trino.host, or `trino: {host: ...}` under `_export: td:`");
        var isTls = Flag("ssl", byDefault: true);
        var port = Item("port") is not { } text ? (isTls ? 443 : 8080)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 65536 ? number
            : throw new ConfigException($"port of trino must be a number from 1 to 65535, but is {text}");
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw new ConfigException($"host of trino is no host name: {host}");
        }

        var user = Item("user") ?? throw new ConfigException("The backend trino needs a user: set the secret trino.user, or `trino: {user: ...}`");
        return new TrinoSettings(
            new UriBuilder(isTls ? "https" : "http", host, port).Uri,
            Header("user", user),
            Item("catalog") is { } catalog ? Header("catalog", catalog) : null,
            AuthorizationOf(settings, user, isTls),
            section.GetMapOrEmpty("session").ToDictionary(e => Header("session", e.Key), e => ConfigAccess.AsString(e.Key, e.Value), StringComparer.Ordinal),
            new TrinoTrust(Item("ssl_ca"), Flag("ssl_insecure", byDefault: false)));

        string? Item(string key) => settings.Secrets.Find("trino." + key) ?? section.GetStringOrNull(key)
            ?? settings.SystemConfig.GetValueOrDefault("query.trino." + key);

        bool Flag(string key, bool byDefault) => Item(key) switch
        {
            null => byDefault,
            "true" => true,
            "false" => false,
            var other => throw new ConfigException($"{key} of trino must be true or false, but is {other}"),
        };
    }

    private static string? AuthorizationOf(BackendSettings settings, string user, bool isTls)
    {
        var token = settings.Secrets.Find("trino.token");
        var password = settings.Secrets.Find("trino.password");
        return (token ?? password) is null ? null
            : !isTls ? throw new ConfigException("A password or token of trino is only sent over TLS: remove `ssl: false`")
            : token is not null ? "Bearer " + Header("token", token.Trim())
            : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
    }

    private static string Header(string key, string value) =>
        value.Any(char.IsControl) ? throw new ConfigException($"{key} of trino must not hold control characters") : value;
}
