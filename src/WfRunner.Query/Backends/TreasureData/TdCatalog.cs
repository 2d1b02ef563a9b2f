namespace WfRunner.Query.Backends.TreasureData;

/// <summary>Databases and tables of an account. Digdag behaviour: the calls and ignored answers of operators-td 4.</summary>
internal sealed class TdCatalog(TdClient client, string database) : IQueryCatalog
{
    public async Task<bool> TableExistsAsync(TableName table, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.ListTablesAsync(table.Database ?? database, cancellationToken).ConfigureAwait(false)).Contains(table.Table);
        }
        catch (TdApiException e) when (e.Status == 404)
        {
            return false;
        }
    }

    // The listing lags behind; a creation that it does not show is repeated once.
    public async Task CreateDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        var request = TdRequest.Post("v3", "database", "create", TdNames.Check("Database", database));
        await TellUnlessAsync(409, request, cancellationToken).ConfigureAwait(false);
        if (!(await client.ListDatabasesAsync(cancellationToken).ConfigureAwait(false)).Contains(database))
        {
            await TellUnlessAsync(409, request, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken) =>
        TellUnlessAsync(404, TdRequest.Post("v3", "database", "delete", database), cancellationToken);

    public async Task CreateTableAsync(TableName table, CancellationToken cancellationToken)
    {
        var request = TdRequest.Post("v3", "table", "create", table.Database ?? database, TdNames.Check("Table", table.Table), "log");
        await TellUnlessAsync(409, request, cancellationToken).ConfigureAwait(false);
        if (!await TableExistsAsync(table, cancellationToken).ConfigureAwait(false))
        {
            await TellUnlessAsync(409, request, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task DropTableAsync(TableName table, CancellationToken cancellationToken) =>
        TellUnlessAsync(404, TdRequest.Post("v3", "table", "delete", table.Database ?? database, table.Table), cancellationToken);

    public Task RenameTableAsync(TableName table, string newName, CancellationToken cancellationToken) => TellUnlessAsync(
        404,
        TdRequest.Post("v3", "table", "rename", table.Database ?? database, table.Table, TdNames.Check("Table", newName)) with
        {
            Form = [new("overwrite", "true")],
        },
        cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task TellUnlessAsync(int status, TdRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await client.TellAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (TdApiException e) when (e.Status == status)
        {
            // It is as it should be already.
        }
    }
}
