using Npgsql;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Secrets;

namespace WfRunner.Operators.Sql;

/// <summary>How a database is reached. Digdag behaviour: operators-core 10.1, operators-cloud 4.1; each secret wins over its parameter.</summary>
internal static class PgSettings
{
    private const int LongestConnectSeconds = 1024;

    /// <summary>The connection of a task.</summary>
    /// <param name="options">Its parameters with the section's defaults.</param>
    /// <param name="secrets">Its secrets.</param>
    /// <param name="family">The kind of database.</param>
    /// <exception cref="WorkflowException">Something is missing or has the wrong form.</exception>
    public static NpgsqlConnectionStringBuilder Of(ConfigMap options, ISecretProvider secrets, SqlFamily family)
    {
        var settings = options;
        foreach (var key in family.SecretOptions)
        {
            if (secrets.Find($"{family.SecretScope}.{key}") is { } value)
            {
                settings = settings.With(key, value);
            }
        }

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = settings.GetString("host"),
            Port = settings.GetInt32OrNull("port") ?? family.Port,
            Username = settings.GetString("user"),
            Password = PasswordOf(settings, secrets, family.SecretScope),
            Database = settings.GetString("database"),
            Timeout = Math.Min(LongestConnectSeconds, Seconds(settings, "connect_timeout") ?? 30),
            CommandTimeout = Seconds(settings, "socket_timeout") ?? 1800,
            SearchPath = family.TakesSettingsAtStart ? settings.GetStringOrNull("schema") : null,
            Timezone = family.TakesSettingsAtStart ? TimeZoneInfo.Local.Id : null,
            ApplicationName = "wf",
            TcpKeepAlive = true,
            Pooling = false,
            Enlist = false,
        };
        AddTls(connection, settings);
        return connection;
    }

    /// <summary>A source of connections that carries no more of the driver than is needed: values travel as text.</summary>
    public static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder connection)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connection.ConnectionString);
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    /// <summary>The mode that one of libpq's words for <c>sslmode</c> means.</summary>
    /// <exception cref="ConfigException">There is no such word.</exception>
    public static SslMode SslModeOf(string word) => word switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new ConfigException($"Unknown sslmode: {word} (disable, allow, prefer, require, verify-ca or verify-full)"),
    };

    private static void AddTls(NpgsqlConnectionStringBuilder connection, ConfigMap settings)
    {
        connection.SslMode = settings.GetStringOrNull("sslmode") is { } mode ? SslModeOf(mode)
            : settings.GetBooleanOr("ssl", false) ? SslMode.Require
            : SslMode.Disable;
        connection.RootCertificate = settings.GetStringOrNull("sslrootcert");
    }

    private static string? PasswordOf(ConfigMap settings, ISecretProvider secrets, string scope) =>
        settings.GetStringOrNull("password_override") is { } other
            ? secrets.Find($"{scope}.{other}") ?? throw new WorkflowException(FailureKind.SecretNotFound, $"Secret not found for key: '{other}'")
            : secrets.Find($"{scope}.password");

    private static int? Seconds(ConfigMap settings, string key) =>
        DurationOption.Read(settings, key) is { } duration ? (int)Math.Ceiling(Math.Min(duration.TotalSeconds, int.MaxValue / 1000)) : null;
}
