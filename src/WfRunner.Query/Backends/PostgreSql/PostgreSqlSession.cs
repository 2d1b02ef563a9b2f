using System.Data;
using Npgsql;
using WfRunner.Query.Backends.Sessions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.PostgreSql;

/// <summary>One connection. All values come as text, whose meaning the column's type tells: so nothing of a driver's mapping is needed.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection) : ISqlSession
{
    // Whoever else changes the table waits, also when it does not exist yet.
    public IReadOnlyList<string> Begin(TableName table) =>
        ["BEGIN", $"SELECT pg_advisory_xact_lock(hashtextextended({SqlNames.Literal($"wf {Qualified(table)}")}, 0))"];

    public string AddColumn(TableName table, QueryColumn column) =>
        $"ALTER TABLE {Qualified(table)} ADD COLUMN IF NOT EXISTS {SqlNames.Quote(column.Name)} {TypeOf(column)}";

    public async Task UseAsync(string database, CancellationToken cancellationToken)
    {
        if (database.Length > 0)
        {
            await PrepareDatabaseAsync(database, cancellationToken).ConfigureAwait(false);
            await ExecuteAsync($"SET search_path TO {SqlNames.Quote(database)}, public", cancellationToken).ConfigureAwait(false);
        }
    }

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    });

    public Task<ISqlRows?> OpenAsync(string sql, CancellationToken cancellationToken) => GuardAsync<ISqlRows?>(async () =>
    {
        var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        try
        {
            var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
            if (reader.FieldCount > 0)
            {
                return new PostgreSqlRows(command, reader);
            }

            await reader.DisposeAsync().ConfigureAwait(false);
        }
        catch
        {
            await command.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await command.DisposeAsync().ConfigureAwait(false);
        return null;
    });

    public Task<IReadOnlyList<QueryColumn>> DescribeAsync(string sql, CancellationToken cancellationToken) => GuardAsync<IReadOnlyList<QueryColumn>>(async () =>
    {
        var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return PostgreSqlTypes.Columns(reader);
            }
        }
    });

    public Task<IReadOnlyList<string>?> ColumnsOfTableAsync(TableName table, CancellationToken cancellationToken) => GuardAsync<IReadOnlyList<string>?>(async () =>
    {
        const string Sql = """
            SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """;
        var command = new NpgsqlCommand(Sql, connection) { AllResultTypesAreUnknown = true };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table.Database! });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table.Table });
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var columns = new List<string>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    columns.Add(reader.GetString(0));
                }

                return columns.Count == 0 ? null : columns;
            }
        }
    });

    // "IF NOT EXISTS" alone still fails when two sessions make the schema at once.
    public async Task PrepareDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {SqlNames.Quote(database)}", cancellationToken).ConfigureAwait(false);
        }
        catch (SqlSessionException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The other one made it.
        }
    }

    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken) =>
        ExecuteAsync($"DROP SCHEMA IF EXISTS {SqlNames.Quote(database)} CASCADE", cancellationToken);

    public string Qualified(TableName table) => $"{SqlNames.Quote(table.Database!)}.{SqlNames.Quote(table.Table)}";

    public string TypeOf(QueryColumn column) => PostgreSqlTypes.OfPresto(column.Type);

    public string TimeLiteral(long seconds) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"CAST({seconds} AS BIGINT)");

    public IEnumerable<string> Rename(TableName table, string newName) => [$"ALTER TABLE {Qualified(table)} RENAME TO {SqlNames.Quote(newName)}"];

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    internal static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (PostgresException e)
        {
            var hint = e.Hint is { Length: > 0 } text ? $" ({text})" : string.Empty;
            throw new SqlSessionException($"PostgreSQL error: {e.MessageText}{hint}", e.Position > 0 ? e.Position - 1 : null, e);
        }
        catch (NpgsqlException e)
        {
            throw new SqlSessionException($"PostgreSQL error: {e.Message}", null, e);
        }
    }
}
