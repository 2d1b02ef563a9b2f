using Npgsql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>One connection while somebody works on it; parameters of statements are named <c>$1</c>, <c>$2</c> and so on.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection)
{
    /// <summary>Runs a script of several statements without parameters, however long it takes.</summary>
    public async Task ScriptAsync(string sql, CancellationToken cancellationToken)
    {
        var command = Command(sql, []);
        command.CommandTimeout = 0;
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows it changed.</returns>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params Argument[] arguments)
    {
        var command = Command(sql, arguments);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads all rows of a query.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params Argument[] arguments)
    {
        var command = Command(sql, arguments);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }

                return rows;
            }
        }
    }

    /// <summary>Reads the first row of a query, if there is one.</summary>
    public async Task<T?> FirstAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params Argument[] arguments)
        where T : class =>
        (await QueryAsync(sql, read, cancellationToken, arguments).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Reads one number, null where there is no row or no value.</summary>
    public async Task<long?> NumberAsync(string sql, CancellationToken cancellationToken, params Argument[] arguments)
    {
        var found = await QueryAsync(sql, Number, cancellationToken, arguments).ConfigureAwait(false);
        return found.Count == 0 ? null : found[0];
    }

    private static long? Number(NpgsqlDataReader row) =>
        row.IsDBNull(0) ? null : row.GetFieldType(0) == typeof(int) ? row.GetInt32(0) : row.GetInt64(0);

    private NpgsqlCommand Command(string sql, Argument[] arguments)
    {
#pragma warning disable CA2100 // Statements are put together from constants; every value is a parameter.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var argument in arguments)
        {
            command.Parameters.Add(argument.ToParameter());
        }

        return command;
    }
}
