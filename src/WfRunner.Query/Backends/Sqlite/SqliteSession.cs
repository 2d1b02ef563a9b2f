using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using WfRunner.Core;
using WfRunner.Query.Backends.Sessions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.Sqlite;

/// <summary>
/// One connection. The scope's database is the main one; others that a query names are attached under their names. Waits up to a
/// minute for another writer.
/// </summary>
internal sealed class SqliteSession : ISqlSession
{
    private const int BusySeconds = 60;

    // SQLITE_LIMIT_ATTACHED of sqlite3.h
    private const int AttachedLimit = 7;

    private readonly SqliteConnection _connection;
    private readonly string _directory;
    private readonly string _database;
    private readonly HashSet<string> _attached = new(StringComparer.OrdinalIgnoreCase);

    private SqliteSession(SqliteConnection connection, string directory, string database)
    {
        _connection = connection;
        _directory = directory;
        _database = database;
    }

    // A transaction that became a writer only later would fail at once when there is another.
    public IReadOnlyList<string> Begin(TableName table) => ["BEGIN IMMEDIATE"];

    public string AddColumn(TableName table, QueryColumn column) =>
        $"ALTER TABLE {Qualified(table)} ADD COLUMN {SqlNames.Quote(column.Name)} {TypeOf(column)}";

    public static SqliteSession Open(QueryScope scope, string sql)
    {
        Directory.CreateDirectory(scope.LocalDirectory);
        var file = scope.Database.Length == 0 ? ":memory:" : PathOf(scope.LocalDirectory, scope.Database);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            DefaultTimeout = BusySeconds,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            var session = new SqliteSession(connection, scope.LocalDirectory, scope.Database);
            session.Run("PRAGMA journal_mode=WAL; PRAGMA busy_timeout=60000");
            SqliteFunctions.Register(connection);
            session.AttachNamed(sql);
            session.AllowAttached(session._attached.Count);
            return session;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw Failure(e);
        }
    }

    public Task ExecuteAsync(string sql, CancellationToken cancellationToken) => InterruptibleAsync(
        () =>
        {
            Run(sql);
            return true;
        },
        cancellationToken);

    public Task<ISqlRows?> OpenAsync(string sql, CancellationToken cancellationToken) => InterruptibleAsync<ISqlRows?>(
        () =>
        {
            var command = _connection.CreateCommand();
            command.CommandText = Unqualified(sql);
            var reader = command.ExecuteReader();
            if (reader.FieldCount > 0)
            {
                return new SqliteRows(this, command, reader);
            }

            reader.Dispose();
            command.Dispose();
            return null;
        },
        cancellationToken);

    public async Task<IReadOnlyList<QueryColumn>> DescribeAsync(string sql, CancellationToken cancellationToken)
    {
        if (await OpenAsync($"SELECT * FROM ({sql}\n) LIMIT 0", cancellationToken).ConfigureAwait(false) is not { } rows)
        {
            return [];
        }

        await using (rows.ConfigureAwait(false))
        {
            return rows.Columns;
        }
    }

    public async Task<IReadOnlyList<string>?> ColumnsOfTableAsync(TableName table, CancellationToken cancellationToken)
    {
        if (!Exists(table.Database!))
        {
            return null;
        }

        Attach(table.Database!);
        var sql = $"SELECT name FROM pragma_table_info({SqlNames.Literal(table.Table)}, {SqlNames.Literal(SchemaOf(table.Database!))})";
        if (await OpenAsync(sql, cancellationToken).ConfigureAwait(false) is not { } rows)
        {
            return null;
        }

        await using (rows.ConfigureAwait(false))
        {
            var names = new List<string>();
            while (await rows.NextAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                names.AddRange(chunk.Select(row => ((Core.Config.ConfigText)row[0]).Value));
            }

            return names.Count == 0 ? null : names;
        }
    }

    public Task PrepareDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        Attach(database);
        return Task.CompletedTask;
    }

    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        var path = PathOf(_directory, database);
        if (IsMain(database))
        {
            throw new SqlSessionException($"SQLite error: the database {database} is the task's own and in use");
        }

        if (_attached.Remove(database))
        {
            Run($"DETACH {SqlNames.Quote(database)}");
        }

        foreach (var ending in (string[])["", "-wal", "-shm"])
        {
            File.Delete(path + ending);
        }

        return Task.CompletedTask;
    }

    public string Qualified(TableName table) => $"{SqlNames.Quote(SchemaOf(table.Database!))}.{SqlNames.Quote(table.Table)}";

    public string TypeOf(QueryColumn column) => column.Type switch
    {
        "bigint" or "integer" or "smallint" or "boolean" => "INTEGER",
        "double" or "real" => "REAL",
        "varbinary" => "BLOB",
        "varchar" => "TEXT",
        _ => string.Empty,
    };

    public string TimeLiteral(long seconds) => seconds.ToString(CultureInfo.InvariantCulture);

    public IEnumerable<string> Rename(TableName table, string newName) => [$"ALTER TABLE {Qualified(table)} RENAME TO {SqlNames.Quote(newName)}"];

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Runs a blocking call that the cancellation interrupts.</summary>
    public async Task<T> InterruptibleAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await BlockingWork.RunAsync(
                () =>
                {
                    try
                    {
                        return work();
                    }
                    catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
                    {
                        throw new SqliteInterruptedException(e);
                    }
                },
                () => raw.sqlite3_interrupt(_connection.Handle),
                cancellationToken).ConfigureAwait(false);
        }
        catch (SqliteException e)
        {
            throw Failure(e);
        }
    }

    private static SqlSessionException Failure(SqliteException e)
    {
        var message = e.Message;
        var start = message.IndexOf('\'', StringComparison.Ordinal);
        var end = message.LastIndexOf('\'');
        return new SqlSessionException($"SQLite error: {(end > start ? message[(start + 1)..end] : message)}", null, e);
    }

    private static string PathOf(string directory, string database) =>
        database.Length is > 0 and <= 128 && database[0] != '-' && database.All(c => char.IsLetterOrDigit(c) || c is '_' or '-')
        && database.ToLowerInvariant() is not ("main" or "temp")
            ? Path.Combine(directory, database.ToLowerInvariant() + ".sqlite")
            : throw new SqlSessionException($"SQLite error: '{database}' cannot be the name of a local database");

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = Unqualified(sql);
        command.ExecuteNonQuery();
    }

    private bool IsMain(string database) => string.Equals(database, _database, StringComparison.OrdinalIgnoreCase);

    private string SchemaOf(string database) => IsMain(database) ? "main" : database;

    private bool Exists(string database) => IsMain(database) || _attached.Contains(database) || File.Exists(PathOf(_directory, database));

    private void Attach(string database)
    {
        if (!IsMain(database) && !_attached.Contains(database))
        {
            AllowAttached(_attached.Count + 1);
            Run($"ATTACH {SqlNames.Literal(PathOf(_directory, database))} AS {SqlNames.Quote(database)}");
            _attached.Add(database);
        }
    }

    // No more than ours: a query must reach no other file, neither by ATTACH nor by VACUUM INTO.
    private void AllowAttached(int count) => raw.sqlite3_limit(_connection.Handle!, AttachedLimit, count);

    // Names in front of a dot for which there is a file.
    private void AttachNamed(string sql)
    {
        var tokens = SqlTokenizer.Tokenize(sql, QueryEngine.Presto);
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && tokens[i + 1].IsSymbol(".")
                && SqlNames.Unquote(tokens[i].Text) is var name && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-') && name.Length > 0
                && name.ToLowerInvariant() is not ("main" or "temp") && Exists(name))
            {
                Attach(name);
            }
        }
    }

    // The main database has no other name here; where a table is named with it, it is called main.
    private string Unqualified(string sql)
    {
        if (_database.Length == 0 || !sql.Contains(_database, StringComparison.OrdinalIgnoreCase))
        {
            return sql;
        }

        var tokens = SqlTokenizer.Tokenize(sql, QueryEngine.Presto);
        SqlToken? before = null;
        var text = new System.Text.StringBuilder(sql.Length);
        for (var i = 0; i < tokens.Count; i++)
        {
            var isTablePlace = before is { } word && (word.IsWord("FROM") || word.IsWord("JOIN") || word.IsWord("INTO") || word.IsWord("TABLE") || word.IsWord("UPDATE") || word.IsWord("EXISTS"));
            var isMain = isTablePlace && i + 1 < tokens.Count && tokens[i + 1].IsSymbol(".")
                && tokens[i].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && IsMain(SqlNames.Unquote(tokens[i].Text));
            text.Append(isMain ? "main" : tokens[i].Text);
            before = tokens[i].IsTrivia ? before : tokens[i];
        }

        return text.ToString();
    }

    private sealed class SqliteInterruptedException(Exception inner) : WorkflowException(FailureKind.Runtime, "interrupted", null, inner), IInterruption
    {
        public bool IsInterrupt => true;
    }
}
