using DuckDB.NET.Data;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>One engine with the databases of a folder attached under their names.</summary>
internal sealed class DuckDbInstance : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly string _directory;
    private readonly DuckDBConnection _root = new("DataSource=:memory:");
    private readonly HashSet<string> _attached = new(StringComparer.Ordinal);

    public DuckDbInstance(string directory)
    {
        _directory = directory;
        _root.Open();

        // Offline, and with Presto's habits: UTC and integer division.
        Execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false; SET GLOBAL integer_division=true; SET GLOBAL TimeZone='UTC'");
    }

    /// <summary>Attaches the databases that a query needs and brings their fixture tables up to date.</summary>
    public async Task AttachAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_directory);
        foreach (var database in NeededDatabases(request))
        {
            if (_attached.Add(database))
            {
                try
                {
                    await AttachFileAsync(database, cancellationToken).ConfigureAwait(false);
                }
                catch
                {
                    _attached.Remove(database);
                    throw;
                }
            }

            new FixtureTables(_root, database, Path.Combine(request.ProjectDirectory, "data", database)).Refresh();
        }
    }

    public DuckDBConnection Connect(string database)
    {
        var connection = _root.Duplicate();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"USE {Quote(database)}";
        command.ExecuteNonQuery();
        return connection;
    }

    public void Dispose() => _root.Dispose();

    internal static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    internal static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    private IEnumerable<string> NeededDatabases(QueryRequest request)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { request.Database };
        if (request.Target.Table?.Database is { } target)
        {
            needed.Add(target);
        }

        // Names in front of a dot, as far as there is such a database.
        var tokens = SqlTokenizer.Tokenize(request.Query);
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (!tokens[i + 1].IsSymbol(".") || tokens[i].Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
            {
                continue;
            }

            var name = tokens[i].Value.Trim('"', '`');
            if (IsFileName(name) && (File.Exists(PathOf(name)) || Directory.Exists(Path.Combine(request.ProjectDirectory, "data", name))))
            {
                needed.Add(name);
            }
        }

        return needed;
    }

    private async Task AttachFileAsync(string database, CancellationToken cancellationToken)
    {
        if (!IsFileName(database))
        {
            throw new QueryFailedException($"Local SQL error: '{database}' cannot be the name of a local database");
        }

        var waited = TimeSpan.Zero;
        while (true)
        {
            try
            {
                Execute($"ATTACH {Literal(PathOf(database))} AS {Quote(database)}");
                return;
            }
            catch (DuckDBException e) when (e.Message.Contains("lock", StringComparison.OrdinalIgnoreCase))
            {
                if (waited >= LongestWait)
                {
                    throw new QueryFailedException(
                        $"Local SQL error: the local database {PathOf(database)} is in use by another process; try again when it has ended", e);
                }

                await Task.Delay(RetryPause, cancellationToken).ConfigureAwait(false);
                waited += RetryPause;
            }
        }
    }

    private string PathOf(string database) => Path.Combine(_directory, database + ".duckdb");

    private static bool IsFileName(string name) =>
        name.Length is > 0 and <= 128 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-') && name[0] != '-';

    private void Execute(string sql)
    {
        using var command = _root.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
