using Npgsql;
using WfRunner.Core;
using WfRunner.Storage.PostgreSql;

namespace WfRunner.Server.Settings;

/// <summary>
/// The keys <c>database.*</c>. Digdag behaviour: server 3.3; its pool and its driver are others, so keys that only they know are
/// answered with a warning that says what to use instead.
/// </summary>
internal static class DatabaseSettings
{
    private const string LibPqFactory = "org.postgresql.ssl.LibPQFactory";
    private const string NonValidatingFactory = "org.postgresql.ssl.NonValidatingFactory";
    private const string Options = "opts.";

    private static readonly Dictionary<string, string> WithoutEffect = new(StringComparer.Ordinal)
    {
        ["validationTimeout"] = "broken connections are noticed when they are used, and the request is repeated on a new one",
        ["leakDetectionThreshold"] = "connections are held for one transaction only",
        ["queue.expireLockInterval"] = "leases are taken over the moment they expire; agent.lock-retention-time sets how long they live",
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "type", "path", "host", "port", "database", "user", "password", "schema", "loginTimeout", "connectionTimeout", "socketTimeout", "ssl",
        "sslfactory", "sslmode", "sslcert", "sslkey", "sslrootcert", "idleTimeout", "keepaliveTime", "maximumPoolSize", "minimumPoolSize",
        "migrate",
    };

    public static DatabaseChoice Of(SettingReader read, string currentDirectory) => read.Text("database.type") switch
    {
        null or "memory" => new DatabaseChoice.Memory(),
        "h2" or "sqlite" => new DatabaseChoice.Embedded(Path.GetFullPath(read.Required("database.path"), currentDirectory)),
        "postgresql" => new DatabaseChoice.PostgreSql(ConnectionOf(read), read.Boolean("database.migrate", true)),
        var unknown => throw new ConfigException($"Unknown database.type: {unknown}"),
    };

    /// <summary>What is configured and has no effect, a line each.</summary>
    public static IEnumerable<string> WarningsOf(SettingReader read)
    {
        if (read.Text("database.type") != "postgresql")
        {
            yield break;
        }

        foreach (var key in read.Below("database.").Keys.Order(StringComparer.Ordinal))
        {
            if (WithoutEffect.TryGetValue(key, out var instead))
            {
                yield return $"database.{key} has no effect: {instead}";
            }
            else if (key.StartsWith(Options, StringComparison.Ordinal) ? !IsKnownOption(key[Options.Length..]) : !Known.Contains(key))
            {
                yield return $"database.{key} is not known and has no effect; docs/server.md lists the keys of the database";
            }
        }

        if (SslOf(read) == SslMode.Require)
        {
            yield return "The connection to the database is encrypted, but nobody checks whose it is: set database.sslmode=verify-full";
        }

        if (read.Text("queue.db.max_concurrency") is not null)
        {
            yield return "queue.db.max_concurrency has no effect: agent.max-task-threads bounds the tasks of each server";
        }
    }

    private static PostgreSqlSettings ConnectionOf(SettingReader read)
    {
        var defaults = new PostgreSqlSettings { Host = string.Empty, Database = string.Empty, User = string.Empty };
        var maximum = Positive(read, "database.maximumPoolSize") ?? defaults.MaximumConnections;
        return new PostgreSqlSettings
        {
            Host = read.Required("database.host"),
            Port = read.Int32("database.port", defaults.Port),
            Database = read.Required("database.database"),
            User = read.Required("database.user"),
            Password = read.Text("database.password") ?? string.Empty,
            Schema = read.Text("database.schema") ?? Option(read, "currentSchema")?.Split(',')[0].Trim(),
            Ssl = SslOf(read),
            RootCertificate = read.Text("database.sslrootcert"),
            ClientCertificate = read.Text("database.sslcert"),
            ClientKey = read.Text("database.sslkey"),
            ConnectTimeout = Seconds(read, "database.loginTimeout") ?? Seconds(read, "database.connectionTimeout") ?? defaults.ConnectTimeout,
            AnswerTimeout = Seconds(read, "database.socketTimeout") ?? defaults.AnswerTimeout,
            MaximumConnections = maximum,
            MinimumConnections = Math.Min(maximum, read.Int32("database.minimumPoolSize", defaults.MinimumConnections)),
            IdleTimeout = Seconds(read, "database.idleTimeout") ?? defaults.IdleTimeout,
            KeepAlive = Seconds(read, "database.keepaliveTime") ?? defaults.KeepAlive,
            ApplicationName = Option(read, "ApplicationName") ?? defaults.ApplicationName,
            ConnectionOptions = Option(read, "options"),
            PreparesStatements = Option(read, "prepareThreshold") != "0",
        };
    }

    // Digdag looks at sslmode only with the one factory; here it counts wherever it is given. Encryption without a check of the
    // certificate is what ssl=true alone means there, so it stays so, with a warning.
    private static SslMode SslOf(SettingReader read)
    {
        var mode = read.Text("database.sslmode");
        var factory = read.Text("database.sslfactory") ?? NonValidatingFactory;
        if (factory is not (LibPqFactory or NonValidatingFactory))
        {
            throw new ConfigException($"database.sslfactory must be {LibPqFactory} or {NonValidatingFactory}, but is {factory}; database.sslmode says the same in other words");
        }

        var isWanted = read.Text("database.ssl") is null ? (bool?)null : read.Boolean("database.ssl", false);
        return (isWanted, mode) switch
        {
            (false, _) => SslMode.Disable,
            (_, "disable") => SslMode.Disable,
            (_, "allow") => SslMode.Allow,
            (_, "prefer") => SslMode.Prefer,
            (_, "require") => SslMode.Require,
            (_, "verify-ca") => SslMode.VerifyCA,
            (_, "verify-full") => SslMode.VerifyFull,
            (true, null) => factory == LibPqFactory ? SslMode.VerifyFull : SslMode.Require,
            (null, null) => SslMode.Prefer,
            _ => throw new ConfigException($"database.sslmode must be disable, allow, prefer, require, verify-ca or verify-full, but is {mode}"),
        };
    }

    private static bool IsKnownOption(string name) => name is "ApplicationName" or "currentSchema" or "options" or "prepareThreshold" or "tcpKeepAlive";

    private static string? Option(SettingReader read, string name) => read.Text("database." + Options + name);

    // Zero means "for ever" or "off" in Digdag, which would hide a database that is gone; then the default counts.
    private static TimeSpan? Seconds(SettingReader read, string key) =>
        read.Int32OrNull(key) is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;

    private static int? Positive(SettingReader read, string key) => read.Int32OrNull(key) switch
    {
        null => null,
        < 2 => throw new ConfigException($"{key} must be at least 2"),
        var number => number,
    };
}
