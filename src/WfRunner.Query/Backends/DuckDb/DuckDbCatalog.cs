using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>The local databases as files, and their tables. Behaviour: operators-td 24.</summary>
internal sealed class DuckDbCatalog(QueryScope scope, DuckDbInstances.Lease lease) : IQueryCatalog
{
    public Task<bool> TableExistsAsync(TableName table, CancellationToken cancellationToken) =>
        InDatabaseAsync(table, session => session.Rows(
            $"SELECT 1 FROM duckdb_tables() WHERE lower(database_name) = lower({SqlNames.Literal(DatabaseOf(table))}) AND schema_name = 'main' "
            + $"AND lower(table_name) = lower({SqlNames.Literal(table.Table)}) "
            + $"UNION ALL SELECT 1 FROM duckdb_views() WHERE lower(database_name) = lower({SqlNames.Literal(DatabaseOf(table))}) AND schema_name = 'main' "
            + $"AND lower(view_name) = lower({SqlNames.Literal(table.Table)})").Count > 0, cancellationToken);

    public Task CreateDatabaseAsync(string database, CancellationToken cancellationToken) =>
        lease.Instance.PrepareAsync(scope with { Database = database }, null, [], cancellationToken);

    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken) => lease.Instance.DropAsync(database, cancellationToken);

    public Task CreateTableAsync(TableName table, CancellationToken cancellationToken) =>
        ExecuteAsync(table, $"CREATE TABLE IF NOT EXISTS {Qualified(table)} (\"time\" BIGINT)", cancellationToken);

    public Task DropTableAsync(TableName table, CancellationToken cancellationToken) =>
        ExecuteAsync(table, $"DROP TABLE IF EXISTS {Qualified(table)}", cancellationToken);

    public async Task RenameTableAsync(TableName table, string newName, CancellationToken cancellationToken)
    {
        if (!await TableExistsAsync(table, cancellationToken).ConfigureAwait(false)
            || string.Equals(table.Table, newName, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        await InDatabaseAsync(
            table,
            session =>
            {
                session.InTransaction(() => session.Execute(
                    $"DROP TABLE IF EXISTS {Qualified(table with { Table = newName })}; ALTER TABLE {Qualified(table)} RENAME TO {SqlNames.Quote(newName)}"));
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        lease.Dispose();
        return ValueTask.CompletedTask;
    }

    private string DatabaseOf(TableName table) => table.Database ?? scope.Database;

    private string Qualified(TableName table) => $"{SqlNames.Quote(DatabaseOf(table))}.main.{SqlNames.Quote(table.Table)}";

    private Task ExecuteAsync(TableName table, string sql, CancellationToken cancellationToken) => InDatabaseAsync(
        table,
        session =>
        {
            session.Execute(sql);
            return true;
        },
        cancellationToken);

    private async Task<T> InDatabaseAsync<T>(TableName table, Func<DuckDbSession, T> work, CancellationToken cancellationToken)
    {
        var instance = lease.Instance;
        await instance.PrepareAsync(scope with { Database = DatabaseOf(table) }, null, [], cancellationToken).ConfigureAwait(false);
        await instance.Writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var session = instance.OpenSession(DatabaseOf(table));
            return await BlockingWork.RunAsync(() => work(session), session.Interrupt, cancellationToken).ConfigureAwait(false);
        }
        catch (DuckDbException e)
        {
            throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e);
        }
        finally
        {
            instance.Writing.Release();
        }
    }
}
