using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>
/// Puts the rows of a query into a table: all of them or none where the engine has transactions for that. Columns are matched by
/// name, missing ones are added, and every table has a time. Behaviour: operators-td 24.
/// </summary>
internal sealed class SqlTarget(ISqlSession session, QueryRequest request)
{
    private const string Time = "time";

    public async Task FillAsync(SqlText query, QueryTarget target, CancellationToken cancellationToken)
    {
        var table = target.Table.Database is null ? target.Table with { Database = request.Database } : target.Table;
        await session.PrepareDatabaseAsync(table.Database!, cancellationToken).ConfigureAwait(false);
        var columns = await session.DescribeAsync(query.Text, cancellationToken).ConfigureAwait(false);
        if (columns.Count == 0)
        {
            throw new QueryFailedException("the query of create_table or insert_into gives no rows");
        }

        await InTransactionAsync(
            table,
            () => target.Mode == QueryTargetMode.Replace
                ? ReplaceAsync(query, table, columns, cancellationToken)
                : AppendAsync(query, table, columns, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    // A line break, because the query may end in a comment.
    private static string Wrapped(SqlText query) => $"({query.Text}\n) wf_query";

    private async Task ReplaceAsync(SqlText query, TableName table, IReadOnlyList<QueryColumn> columns, CancellationToken cancellationToken)
    {
        var select = HasTime(columns)
            ? query.Text
            : $"SELECT wf_query.*, {TimeLiteral} AS {SqlNames.Quote(Time)} FROM {Wrapped(query)}";
        // Beside the old table first: the query may read it, and one that fails must leave it as it was.
        var aside = table with { Table = $"{table.Table}_wf_{Guid.NewGuid():N}" };
        await ExecuteAsync($"CREATE TABLE {session.Qualified(aside)} AS {select}", cancellationToken).ConfigureAwait(false);
        await ExecuteAsync($"DROP TABLE IF EXISTS {session.Qualified(table)}", cancellationToken).ConfigureAwait(false);
        foreach (var rename in session.Rename(aside, table.Table))
        {
            await ExecuteAsync(rename, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AppendAsync(SqlText query, TableName table, IReadOnlyList<QueryColumn> columns, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            $"CREATE TABLE IF NOT EXISTS {session.Qualified(table)} ({SqlNames.Quote(Time)} {session.TypeOf(new QueryColumn(Time, "bigint"))})",
            cancellationToken).ConfigureAwait(false);
        var present = await session.ColumnsOfTableAsync(table, cancellationToken).ConfigureAwait(false) ?? [];
        var hasTime = HasTime(columns);
        foreach (var column in hasTime ? columns : [.. columns, new QueryColumn(Time, "bigint")])
        {
            if (!present.Contains(column.Name, StringComparer.OrdinalIgnoreCase))
            {
                await ExecuteAsync(session.AddColumn(table, column), cancellationToken).ConfigureAwait(false);
            }
        }

        var names = string.Join(", ", columns.Select(c => SqlNames.Quote(c.Name)));
        var insert = hasTime
            ? $"INSERT INTO {session.Qualified(table)} ({names}) SELECT {names} FROM {Wrapped(query)}"
            : $"INSERT INTO {session.Qualified(table)} ({names}, {SqlNames.Quote(Time)}) SELECT {names}, {TimeLiteral} FROM {Wrapped(query)}";
        await ExecuteAsync(insert, cancellationToken).ConfigureAwait(false);
    }

    private string TimeLiteral => session.TimeLiteral(request.ReferenceTime.ToUnixTimeSeconds());

    private static bool HasTime(IReadOnlyList<QueryColumn> columns) => columns.Any(c => string.Equals(c.Name, Time, StringComparison.OrdinalIgnoreCase));

    private Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        request.Debug?.Invoke($"SQL:\n{sql}");
        return session.ExecuteAsync(sql, cancellationToken);
    }

    private async Task InTransactionAsync(TableName table, Func<Task> steps, CancellationToken cancellationToken)
    {
        var begin = session.Begin(table);
        if (begin.Count == 0)
        {
            await steps().ConfigureAwait(false);
            return;
        }

        await session.ExecuteAsync(begin[0], cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var further in begin.Skip(1))
            {
                await session.ExecuteAsync(further, cancellationToken).ConfigureAwait(false);
            }

            await steps().ConfigureAwait(false);
        }
        catch
        {
            await session.ExecuteAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        await session.ExecuteAsync("COMMIT", CancellationToken.None).ConfigureAwait(false);
    }
}
