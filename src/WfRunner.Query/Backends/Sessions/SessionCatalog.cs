using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>Databases and tables of an engine that is spoken to over a session.</summary>
internal sealed class SessionCatalog(ISqlSession session, string database) : IQueryCatalog
{
    public Task<bool> TableExistsAsync(TableName table, CancellationToken cancellationToken) => GuardAsync(
        async () => await session.ColumnsOfTableAsync(In(table), cancellationToken).ConfigureAwait(false) is not null);

    public Task CreateDatabaseAsync(string database, CancellationToken cancellationToken) =>
        GuardAsync(() => session.PrepareDatabaseAsync(database, cancellationToken));

    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken) =>
        GuardAsync(() => session.DropDatabaseAsync(database, cancellationToken));

    public Task CreateTableAsync(TableName table, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await session.PrepareDatabaseAsync(In(table).Database!, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(
            $"CREATE TABLE IF NOT EXISTS {session.Qualified(In(table))} ({SqlNames.Quote("time")} {session.TypeOf(new QueryColumn("time", "bigint"))})",
            cancellationToken).ConfigureAwait(false);
    });

    public Task DropTableAsync(TableName table, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await session.PrepareDatabaseAsync(In(table).Database!, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"DROP TABLE IF EXISTS {session.Qualified(In(table))}", cancellationToken).ConfigureAwait(false);
    });

    public Task RenameTableAsync(TableName table, string newName, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        if (table.Table == newName || await session.ColumnsOfTableAsync(In(table), cancellationToken).ConfigureAwait(false) is null)
        {
            return;
        }

        await session.ExecuteAsync($"DROP TABLE IF EXISTS {session.Qualified(In(table) with { Table = newName })}", cancellationToken).ConfigureAwait(false);
        foreach (var statement in session.Rename(In(table), newName))
        {
            await session.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
        }
    });

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private TableName In(TableName table) => table.Database is null ? table with { Database = database } : table;

    private static Task GuardAsync(Func<Task> work) => GuardAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    private static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (SqlSessionException e)
        {
            throw new QueryFailedException(e.Message, e);
        }
    }
}
