using WfRunner.Storage.PostgreSql;

namespace WfRunner.Server.Settings;

/// <summary>Which database a server keeps its state in.</summary>
public abstract record DatabaseChoice
{
    /// <summary>In memory; lost when the server ends.</summary>
    public sealed record Memory : DatabaseChoice;

    /// <summary>An SQLite file in a folder.</summary>
    /// <param name="Directory">Absolute path.</param>
    public sealed record Embedded(string Directory) : DatabaseChoice;

    /// <summary>A PostgreSQL database, which several servers may share.</summary>
    /// <param name="Connection">How it is reached.</param>
    /// <param name="Migrates">Whether a server brings its tables up to date.</param>
    public sealed record PostgreSql(PostgreSqlSettings Connection, bool Migrates) : DatabaseChoice;
}
