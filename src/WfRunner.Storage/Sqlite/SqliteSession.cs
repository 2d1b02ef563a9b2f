using System.Data.Common;
using Microsoft.Data.Sqlite;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.Sqlite;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class SqliteSession : ISqlSession, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public SqliteSession(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
    }

    /// <summary>Runs a script of several statements without parameters.</summary>
    public void Script(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Scripts are constants of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement; parameters are named <c>$1</c>, <c>$2</c> and so on.</summary>
    /// <returns>The number of rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> arguments) => Bind(sql, arguments).ExecuteNonQuery();

    /// <summary>Inserts one row.</summary>
    /// <returns>Its number.</returns>
    public long Insert(string sql, params ReadOnlySpan<object?> arguments)
    {
        Bind(sql, arguments).ExecuteNonQuery();
        return SQLitePCL.raw.sqlite3_last_insert_rowid(_connection.Handle);
    }

    /// <summary>Reads all rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Reads the first row of a query, if there is one.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> arguments)
        where T : class
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        return reader.Read() ? read(reader) : null;
    }

    /// <summary>Reads one number, null where there is no row or no value.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> arguments)
    {
        using var reader = Bind(sql, arguments).ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : null;
    }

    // One writer works at a time, so there is nobody to keep away and nobody to tell.
    string ISqlSession.ForUpdate => string.Empty;

    string ISqlSession.ForKeyShare => string.Empty;

    public string Is(string column) => column + " = 1";

    public string IsNot(string column) => column + " = 0";

    Task<int> ISqlSession.ExecuteAsync(string sql, CancellationToken cancellationToken, params Argument[] arguments) =>
        Task.FromResult(Execute(sql, Values(arguments)));

    Task<List<T>> ISqlSession.QueryAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params Argument[] arguments) =>
        Task.FromResult(Query(sql, read, Values(arguments)));

    Task ISqlSession.TakeTurnAsync(string reason, CancellationToken cancellationToken) => Task.CompletedTask;

    Task ISqlSession.SignalAttemptsFreeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private static object?[] Values(Argument[] arguments) => Array.ConvertAll(arguments, static a => a.Value);

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> arguments)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Statements are put together from constants; every value is a parameter.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 1; i <= arguments.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            command.Parameters[i].Value = arguments[i] ?? DBNull.Value;
        }

        return command;
    }
}
