using DuckDB.NET.Native;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>The open result of a statement; rows are produced as they are fetched. Not for use by two threads at once.</summary>
internal sealed class DuckDbResult : IDisposable
{
    private readonly DuckDBPreparedStatement _statement;
    private readonly DuckDbType[] _types;
    private DuckDBResult _result;
    private bool _isOpen = true;

    public DuckDbResult(DuckDBPreparedStatement statement, DuckDBResult result)
    {
        _statement = statement;
        _result = result;
        HasRows = NativeMethods.Query.DuckDBResultReturnType(result) == DuckDBResultType.QueryResult;
        var count = (int)NativeMethods.Query.DuckDBColumnCount(ref _result);
        _types = new DuckDbType[count];
        var columns = new QueryColumn[count];
        for (var i = 0; i < count; i++)
        {
            using var type = NativeMethods.Query.DuckDBColumnLogicalType(ref _result, i);
            _types[i] = DuckDbType.Of(type);
            columns[i] = new QueryColumn(NativeMethods.Query.DuckDBColumnName(ref _result, i), _types[i].PrestoName);
        }

        Columns = columns;
    }

    /// <summary>Whether the statement gives rows, and not only a count of changes.</summary>
    public bool HasRows { get; }

    public IReadOnlyList<QueryColumn> Columns { get; }

    /// <summary>The next rows, about two thousand; null at the end.</summary>
    /// <exception cref="DuckDbException">The query failed while it produced them.</exception>
    public List<ConfigValue[]>? FetchRows()
    {
        using var chunk = NativeMethods.Query.DuckDBFetchChunk(_result);
        if (chunk.IsInvalid)
        {
            return NativeMethods.Query.DuckDBResultError(ref _result) is { Length: > 0 } error ? throw DuckDbException.Of(error) : null;
        }

        var count = (long)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk);
        if (count == 0)
        {
            return null;
        }

        var vectors = new DuckDbVector[_types.Length];
        for (var c = 0; c < vectors.Length; c++)
        {
            vectors[c] = new DuckDbVector(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, c), _types[c]);
        }

        var rows = new List<ConfigValue[]>((int)count);
        for (var r = 0L; r < count; r++)
        {
            var row = new ConfigValue[vectors.Length];
            for (var c = 0; c < row.Length; c++)
            {
                row[c] = vectors[c].Read(r);
            }

            rows.Add(row);
        }

        return rows;
    }

    public void Dispose()
    {
        if (_isOpen)
        {
            _isOpen = false;
            NativeMethods.Query.DuckDBDestroyResult(ref _result);
            _statement.Dispose();
        }
    }
}
