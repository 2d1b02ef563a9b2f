using Microsoft.Data.Sqlite;
using WfRunner.Core.Config;
using WfRunner.Query.Backends.Sessions;

namespace WfRunner.Query.Backends.Sqlite;

/// <summary>Rows as SQLite finds them. A value has the type that it is stored with.</summary>
internal sealed class SqliteRows : ISqlRows
{
    private const int ChunkSize = 500;

    private readonly SqliteSession _session;
    private readonly SqliteCommand _command;
    private readonly SqliteDataReader _reader;
    private readonly bool[] _isBoolean;

    public SqliteRows(SqliteSession session, SqliteCommand command, SqliteDataReader reader)
    {
        _session = session;
        _command = command;
        _reader = reader;
        Columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => new QueryColumn(reader.GetName(i), TypeOf(reader.GetDataTypeName(i))))];
        _isBoolean = [.. Columns.Select(c => c.Type == "boolean")];
    }

    public IReadOnlyList<QueryColumn> Columns { get; }

    public Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextAsync(CancellationToken cancellationToken) =>
        _session.InterruptibleAsync<IReadOnlyList<IReadOnlyList<ConfigValue>>?>(
            () =>
            {
                var chunk = new List<IReadOnlyList<ConfigValue>>();
                while (chunk.Count < ChunkSize && _reader.Read())
                {
                    var row = new ConfigValue[Columns.Count];
                    for (var i = 0; i < row.Length; i++)
                    {
                        row[i] = Value(i);
                    }

                    chunk.Add(row);
                }

                return chunk.Count == 0 ? null : chunk;
            },
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync().ConfigureAwait(false);
        await _command.DisposeAsync().ConfigureAwait(false);
    }

    private static string TypeOf(string declared) => declared.Split('(')[0].ToUpperInvariant() switch
    {
        "INTEGER" or "INT" or "BIGINT" => "bigint",
        "REAL" or "DOUBLE" or "FLOAT" => "double",
        "BOOLEAN" => "boolean",
        "BLOB" => "varbinary",
        "DATE" => "date",
        "TIMESTAMP" or "DATETIME" => "timestamp",
        "JSON" => "json",
        _ => "varchar",
    };

    private ConfigValue Value(int column) => _reader.GetValue(column) switch
    {
        DBNull => ConfigNull.Instance,
        long number => _isBoolean[column] ? ConfigBoolean.Of(number != 0) : new ConfigInteger(number),
        double number => new ConfigFloat(number),
        string text => new ConfigText(text),
        byte[] bytes => new ConfigText(Convert.ToHexString(bytes).ToLowerInvariant()),
        var other => new ConfigText(Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture) ?? string.Empty),
    };
}
