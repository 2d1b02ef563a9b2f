using Npgsql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>How a PostgreSQL database is reached.</summary>
public sealed record PostgreSqlSettings
{
    /// <summary>Host name or address; several, separated by commas, are tried in order until one accepts writes.</summary>
    public required string Host { get; init; }

    /// <summary>Port.</summary>
    public int Port { get; init; } = 5432;

    /// <summary>Name of the database.</summary>
    public required string Database { get; init; }

    /// <summary>User.</summary>
    public required string User { get; init; }

    /// <summary>Password; empty for none.</summary>
    public string Password { get; init; } = string.Empty;

    /// <summary>Schema of the tables, created when missing; null for the one that the user's search path names first.</summary>
    public string? Schema { get; init; }

    /// <summary>Whether and how strictly the connection is encrypted.</summary>
    public SslMode Ssl { get; init; } = SslMode.Prefer;

    /// <summary>File of the certificates that are trusted; null for the system's.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>File of the client's certificate; null for none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>File of the key of the client's certificate; null when the certificate's file holds it.</summary>
    public string? ClientKey { get; init; }

    /// <summary>How long to try to connect, and to wait for a free connection of the pool.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a statement may give no answer before its connection counts as broken.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most connections of the pool. One more listens for signals.</summary>
    public int MaximumConnections { get; init; } = 20;

    /// <summary>Connections that the pool keeps open.</summary>
    public int MinimumConnections { get; init; } = 1;

    /// <summary>After how long the pool closes a connection that it does not need.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How often an idle connection is asked whether it still lives.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Name that the database's administrators see.</summary>
    public string ApplicationName { get; init; } = "wf";

    /// <summary>Options for each connection, as <c>psql</c> takes them from PGOPTIONS; null for none.</summary>
    public string? ConnectionOptions { get; init; }

    /// <summary>Whether statements are prepared on the server; a pooler that gives each transaction another connection may not allow it.</summary>
    public bool PreparesStatements { get; init; } = true;

    /// <summary>
    /// Whether leases are measured by the database's clock, so that clocks of nodes that differ do no harm. Otherwise by the times that
    /// nodes claim, which lets tests set them.
    /// </summary>
    public bool UsesDatabaseClock { get; init; } = true;

    /// <summary>The place as people name it, without the password.</summary>
    public string Place =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PostgreSQL database {Database} at {Host}:{Port}");

    /// <summary>What would show everything shows no password.</summary>
    public override string ToString() => Place;

    internal NpgsqlConnectionStringBuilder ToConnectionString() => new()
    {
        Host = Host,
        Port = Port,
        Database = Database,
        Username = User,
        Password = Password.Length == 0 ? null : Password,
        SearchPath = Schema is null ? null : '"' + Schema.Replace("\"", "\"\"", StringComparison.Ordinal) + '"',
        SslMode = Ssl,
        RootCertificate = RootCertificate,
        SslCertificate = ClientCertificate,
        SslKey = ClientKey,
        Timeout = Seconds(ConnectTimeout),
        CommandTimeout = Seconds(AnswerTimeout),
        MaxPoolSize = MaximumConnections,
        MinPoolSize = Math.Min(MinimumConnections, MaximumConnections),
        ConnectionIdleLifetime = Seconds(IdleTimeout),
        ConnectionPruningInterval = Math.Max(1, Math.Min(60, Seconds(IdleTimeout))),
        KeepAlive = Seconds(KeepAlive),
        TcpKeepAlive = true,
        TcpKeepAliveTime = 30,
        TcpKeepAliveInterval = 5,
        ApplicationName = ApplicationName,
        Options = ConnectionOptions,
        Timezone = "UTC",
        MaxAutoPrepare = PreparesStatements ? 100 : 0,
        AutoPrepareMinUsages = 2,
        IncludeErrorDetail = false,
        Multiplexing = false,
    };

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
