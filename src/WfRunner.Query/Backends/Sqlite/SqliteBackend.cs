using WfRunner.Query.Backends.Sessions;

namespace WfRunner.Query.Backends.Sqlite;

/// <summary>
/// Runs queries on SQLite inside this process, in SQLite's own SQL with the functions of Treasure Data: the smallest local engine. A
/// database is a file <c>&lt;database&gt;.sqlite</c>.
/// </summary>
public sealed class SqliteBackend : SessionBackend
{
    /// <inheritdoc/>
    public override string Name => "sqlite";

    /// <inheritdoc/>
    public override string? Notice => "Running locally with SQLite (no Treasure Data account used)";

    private protected override Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken) =>
        Task.FromResult<ISqlSession>(SqliteSession.Open(scope, sql));
}
