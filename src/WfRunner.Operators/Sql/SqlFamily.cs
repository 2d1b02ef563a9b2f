namespace WfRunner.Operators.Sql;

/// <summary>What sets one kind of database that speaks PostgreSQL's protocol apart from another.</summary>
/// <param name="Type">The operator's name; also that of its section, its results and its limits.</param>
/// <param name="SecretScope">Where its secrets stand.</param>
/// <param name="Port">The port when none is given.</param>
/// <param name="SecretOptions">Options for which a secret wins over the parameter.</param>
internal sealed record SqlFamily(string Type, string SecretScope, int Port, IReadOnlyList<string> SecretOptions)
{
    /// <summary>PostgreSQL. Digdag behaviour: operators-core 10.1.</summary>
    public static SqlFamily PostgreSql { get; } = new(
        "pg", "pg", 5432, ["host", "port", "user", "database", "ssl", "connect_timeout", "socket_timeout", "schema"]);

    /// <summary>Amazon Redshift. Digdag behaviour: operators-cloud 4.1.</summary>
    public static SqlFamily Redshift { get; } = new(
        "redshift", "aws.redshift", 5439, ["host", "port", "user", "database", "ssl", "schema"]);

    /// <summary>Whether the server takes settings with the connection; otherwise they are set by statements.</summary>
    public bool TakesSettingsAtStart => this == PostgreSql;
}
