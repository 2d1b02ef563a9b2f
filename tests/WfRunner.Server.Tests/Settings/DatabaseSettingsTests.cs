using Npgsql;
using WfRunner.Core;
using WfRunner.Server.Settings;
using WfRunner.Storage.PostgreSql;

namespace WfRunner.Server.Tests.Settings;

/// <summary>The keys <c>database.*</c> and those of a node.</summary>
public sealed class DatabaseSettingsTests
{
    private static readonly Dictionary<string, string> Needed = new()
    {
        ["database.type"] = "postgresql",
        ["database.host"] = "db.example.com",
        ["database.database"] = "wf",
        ["database.user"] = "me",
        ["database.sslmode"] = "verify-full",
    };

    [Fact]
    public void What_Digdag_needs_is_enough_and_the_rest_has_defaults()
    {
        var connection = Connection();

        Assert.Equal(("db.example.com", 5432, "wf", "me", ""), (connection.Host, connection.Port, connection.Database, connection.User, connection.Password));
        Assert.Equal((20, 1, null), (connection.MaximumConnections, connection.MinimumConnections, connection.Schema));
        Assert.Empty(Settings().Warnings);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var connection = Connection(
            ("database.port", "6543"),
            ("database.password", "secret"),
            ("database.schema", "flows"),
            ("database.loginTimeout", "3"),
            ("database.socketTimeout", "7"),
            ("database.idleTimeout", "60"),
            ("database.keepaliveTime", "5"),
            ("database.maximumPoolSize", "8"),
            ("database.minimumPoolSize", "4"),
            ("database.sslrootcert", "/ca.pem"),
            ("database.sslcert", "/me.pem"),
            ("database.sslkey", "/me.key"),
            ("database.opts.ApplicationName", "flows"),
            ("database.opts.options", "-c statement_timeout=1000"),
            ("database.opts.prepareThreshold", "0"));

        Assert.Equal(
            new PostgreSqlSettings
            {
                Host = "db.example.com",
                Port = 6543,
                Database = "wf",
                User = "me",
                Password = "secret",
                Schema = "flows",
                Ssl = SslMode.VerifyFull,
                RootCertificate = "/ca.pem",
                ClientCertificate = "/me.pem",
                ClientKey = "/me.key",
                ConnectTimeout = TimeSpan.FromSeconds(3),
                AnswerTimeout = TimeSpan.FromSeconds(7),
                MaximumConnections = 8,
                MinimumConnections = 4,
                IdleTimeout = TimeSpan.FromSeconds(60),
                KeepAlive = TimeSpan.FromSeconds(5),
                ApplicationName = "flows",
                ConnectionOptions = "-c statement_timeout=1000",
                PreparesStatements = false,
            },
            connection);
    }

    [Theory]
    [InlineData(null, null, null, SslMode.Prefer)]
    [InlineData("true", null, null, SslMode.Require)]
    [InlineData("false", "require", null, SslMode.Disable)]
    [InlineData("true", null, "org.postgresql.ssl.LibPQFactory", SslMode.VerifyFull)]
    [InlineData("true", "verify-ca", "org.postgresql.ssl.LibPQFactory", SslMode.VerifyCA)]
    [InlineData(null, "allow", null, SslMode.Allow)]
    public void Encryption_is_what_the_three_keys_say_together(string? ssl, string? mode, string? factory, SslMode expected)
    {
        var config = new Dictionary<string, string>(Needed);
        config.Remove("database.sslmode");
        foreach (var (key, value) in (ReadOnlySpan<(string, string?)>)[("database.ssl", ssl), ("database.sslmode", mode), ("database.sslfactory", factory)])
        {
            if (value is not null)
            {
                config[key] = value;
            }
        }

        Assert.Equal(expected, Assert.IsType<DatabaseChoice.PostgreSql>(ServerSettings.Of(config, "/").Database).Connection.Ssl);
    }

    [Theory]
    [InlineData("database.validationTimeout", "5", "database.validationTimeout has no effect: ")]
    [InlineData("database.leakDetectionThreshold", "1", "database.leakDetectionThreshold has no effect: ")]
    [InlineData("database.queue.expireLockInterval", "1", "agent.lock-retention-time")]
    [InlineData("database.opts.loggerLevel", "TRACE", "database.opts.loggerLevel is not known")]
    [InlineData("database.maxPoolSize", "3", "database.maxPoolSize is not known")]
    [InlineData("database.sslmode", "require", "nobody checks whose it is")]
    [InlineData("queue.db.max_concurrency", "3", "agent.max-task-threads")]
    public void What_has_no_effect_is_said(string key, string value, string warning) =>
        Assert.Contains(warning, Assert.Single(Settings((key, value)).Warnings), StringComparison.Ordinal);

    [Theory]
    [InlineData("database.port", "many", "Expected integer (int) type for key 'database.port'")]
    [InlineData("database.sslmode", "maybe", "database.sslmode must be")]
    [InlineData("database.sslfactory", "com.example.Mine", "database.sslfactory must be")]
    [InlineData("database.maximumPoolSize", "1", "database.maximumPoolSize must be at least 2")]
    [InlineData("agent.heartbeat-interval", "0", "agent.heartbeat-interval must be a number of seconds greater than 0")]
    [InlineData("agent.lock-retention-time", "20", "must be more than twice agent.heartbeat-interval")]
    public void Wrong_values_are_explained(string key, string value, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Settings((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_longer_heartbeat_brings_a_longer_lease()
    {
        var node = Settings(("agent.heartbeat-interval", "60")).Node;

        Assert.Equal(NodaTime.Duration.FromSeconds(180), node.LeaseTime);
    }

    private static ServerSettings Settings(params (string Key, string Value)[] more)
    {
        var config = new Dictionary<string, string>(Needed);
        foreach (var (key, value) in more)
        {
            config[key] = value;
        }

        return ServerSettings.Of(config, "/");
    }

    private static PostgreSqlSettings Connection(params (string Key, string Value)[] more) =>
        Assert.IsType<DatabaseChoice.PostgreSql>(Settings(more).Database).Connection;
}
