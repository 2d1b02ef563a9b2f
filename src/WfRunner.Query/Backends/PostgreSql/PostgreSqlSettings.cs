using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.PostgreSql;

/// <summary>
/// How the server is reached: for each item the secret <c>pg.*</c>, as for <c>pg&gt;</c>, then the section <c>postgresql</c> of the
/// task or of <c>td</c>, then <c>query.postgresql.*</c> of the system configuration.
/// </summary>
internal static class PostgreSqlSettings
{
    private const int DefaultPort = 5432;

    // Sources keep connections; one a set of settings for the life of the process.
    private static readonly ConcurrentDictionary<string, NpgsqlDataSource> Sources = new(StringComparer.Ordinal);

    /// <summary>The source of connections for a task.</summary>
    /// <exception cref="ConfigException">A setting is missing or wrong.</exception>
    public static NpgsqlDataSource Source(BackendSettings settings)
    {
        var section = settings.Parameters.GetMapOrEmpty("postgresql");
        var text = new NpgsqlConnectionStringBuilder
        {
            Host = Item("host") ?? throw new ConfigException(
                "The backend postgresql needs a host: set the secret pg.host, or `postgresql: {host: ...}` under `_export: td:`"),
            Port = Number("port") ?? DefaultPort,
            Username = Item("user"),
            Password = settings.Secrets.Find("pg.password"),
            Database = Item("database") ?? Item("user"),
            SslMode = Item("ssl") switch
            {
                "true" => SslMode.Require,
                "verify-full" => SslMode.VerifyFull,
                "false" => SslMode.Disable,
                null => SslMode.Prefer,
                var other => throw new ConfigException($"ssl of postgresql must be true, false or verify-full, but is {other}"),
            },
            Timeout = Number("connect_timeout") ?? 30,
            CommandTimeout = 0,
            ApplicationName = "wf",
            Timezone = "UTC",
            IncludeErrorDetail = false,
        }.ConnectionString;
        return Sources.GetOrAdd(text, static t => new NpgsqlSlimDataSourceBuilder(t).EnableTransportSecurity().Build());

        string? Item(string key) => settings.Secrets.Find("pg." + key) ?? section.GetStringOrNull(key)
            ?? settings.SystemConfig.GetValueOrDefault("query.postgresql." + key);

        int? Number(string key) => Item(key) is not { } value ? null
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new ConfigException($"{key} of postgresql must be a number, but is {value}");
    }
}
