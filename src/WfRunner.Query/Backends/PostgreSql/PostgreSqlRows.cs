using Npgsql;
using WfRunner.Core.Config;
using WfRunner.Query.Backends.Sessions;

namespace WfRunner.Query.Backends.PostgreSql;

/// <summary>Rows as they come from the server; it sends on while they are read.</summary>
internal sealed class PostgreSqlRows : ISqlRows
{
    private const int ChunkSize = 500;

    private readonly NpgsqlCommand _command;
    private readonly NpgsqlDataReader _reader;
    private readonly Func<string, ConfigValue>[] _parsers;

    public PostgreSqlRows(NpgsqlCommand command, NpgsqlDataReader reader)
    {
        _command = command;
        _reader = reader;
        Columns = PostgreSqlTypes.Columns(reader);
        _parsers = [.. Columns.Select(c => PostgreSqlTypes.ParserOf(c.Type))];
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    public Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextAsync(CancellationToken cancellationToken) =>
        PostgreSqlSession.GuardAsync<IReadOnlyList<IReadOnlyList<ConfigValue>>?>(async () =>
        {
            var chunk = new List<IReadOnlyList<ConfigValue>>();
            while (chunk.Count < ChunkSize && await _reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var row = new ConfigValue[_parsers.Length];
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = await _reader.IsDBNullAsync(i, cancellationToken).ConfigureAwait(false)
                        ? ConfigNull.Instance
                        : _parsers[i](_reader.GetString(i));
                }

                chunk.Add(row);
            }

            return chunk.Count == 0 ? null : chunk;
        });

    // A reader that is closed early would read the rest first.
    public async ValueTask DisposeAsync()
    {
        _command.Cancel();
        try
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The cancellation that was asked for.
        }

        await _command.DisposeAsync().ConfigureAwait(false);
    }
}
