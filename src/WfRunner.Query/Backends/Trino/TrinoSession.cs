using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Query.Backends.Sessions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.Trino;

/// <summary>Statements of one session. Most connectors have no transactions for definitions, so none is promised.</summary>
internal sealed class TrinoSession : ISqlSession
{
    private readonly TrinoProtocol _protocol;

    public TrinoSession(TrinoProtocol protocol, string database)
    {
        _protocol = protocol;
        protocol.Schema = database.Length > 0 ? database : null;
    }

    public IReadOnlyList<string> Begin(TableName table) => [];

    public string AddColumn(TableName table, QueryColumn column) =>
        $"ALTER TABLE {Qualified(table)} ADD COLUMN IF NOT EXISTS {SqlNames.Quote(column.Name)} {TypeOf(column)}";

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        var rows = await TrinoRows.OpenAsync(_protocol, sql, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            while (await rows.NextAsync(cancellationToken).ConfigureAwait(false) is not null)
            {
                // The last page tells whether it worked.
            }
        }
    }

    public async Task<ISqlRows?> OpenAsync(string sql, CancellationToken cancellationToken)
    {
        var rows = await TrinoRows.OpenAsync(_protocol, sql, cancellationToken).ConfigureAwait(false);
        if (rows.HasResult)
        {
            return rows;
        }

        await using (rows.ConfigureAwait(false))
        {
            while (await rows.NextAsync(cancellationToken).ConfigureAwait(false) is not null)
            {
                // Counts of changed rows are no result.
            }
        }

        return null;
    }

    public async Task<IReadOnlyList<QueryColumn>> DescribeAsync(string sql, CancellationToken cancellationToken)
    {
        const string Prefix = "SELECT * FROM (";
        try
        {
            var rows = await TrinoRows.OpenAsync(_protocol, $"{Prefix}{sql}\n) LIMIT 0", cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                return rows.Columns;
            }
        }
        catch (SqlSessionException e) when (e.Position is { } position)
        {
            throw new SqlSessionException(e.Message, Math.Max(0, position - Prefix.Length), e);
        }
    }

    public async Task<IReadOnlyList<string>?> ColumnsOfTableAsync(TableName table, CancellationToken cancellationToken)
    {
        var sql = $"SELECT column_name FROM information_schema.columns WHERE table_schema = {SqlNames.Literal(table.Database!.ToLowerInvariant())} "
            + $"AND table_name = {SqlNames.Literal(table.Table.ToLowerInvariant())} ORDER BY ordinal_position";
        var rows = await TrinoRows.OpenAsync(_protocol, sql, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            var names = new List<string>();
            while (await rows.NextAsync(cancellationToken).ConfigureAwait(false) is { } page)
            {
                names.AddRange(page.Select(row => ((ConfigText)row[0]).Value));
            }

            return names.Count == 0 ? null : names;
        }
    }

    public Task PrepareDatabaseAsync(string database, CancellationToken cancellationToken) =>
        ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {SqlNames.Quote(database)}", cancellationToken);

    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken) =>
        ExecuteAsync($"DROP SCHEMA IF EXISTS {SqlNames.Quote(database)} CASCADE", cancellationToken);

    public string Qualified(TableName table) => $"{SqlNames.Quote(table.Database!)}.{SqlNames.Quote(table.Table)}";

    public string TypeOf(QueryColumn column) => column.Type;

    public string TimeLiteral(long seconds) => string.Create(CultureInfo.InvariantCulture, $"CAST({seconds} AS BIGINT)");

    public IEnumerable<string> Rename(TableName table, string newName) =>
        [$"ALTER TABLE {Qualified(table)} RENAME TO {Qualified(table with { Table = newName })}"];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
