using WfRunner.Query.Backends.Sessions;
using WfRunner.Query.Dialect;

namespace WfRunner.Query.Backends.Sqlite;

/// <summary>
/// Runs queries on SQLite inside this process, the smallest local engine: no arrays, no maps, times as texts. A
/// database is a file <c>&lt;database&gt;.sqlite</c>.
/// </summary>
public sealed class SqliteBackend : SessionBackend
{
    /// <inheritdoc/>
    public override string Name => "sqlite";

    /// <inheritdoc/>
    public override string? Notice => "Running locally with SQLite (no Treasure Data account used)";

    internal override Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken) =>
        Task.FromResult<ISqlSession>(SqliteSession.Open(scope, sql));

    private protected override PrestoDialect DialectFor(DialectSettings settings) => new PrestoToSqlite(settings);
}
