using DuckDB.NET.Native;
using WfRunner.Query.Dialect;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// One engine in this process for the local databases of one folder, each attached under its name. A file must never be open in
/// two engines of one process (the operating system's locks do not protect a process from itself), so all tasks share it.
/// </summary>
internal sealed class DuckDbInstance : IDisposable
{
    // Names that DuckDB itself gives to catalogs and schemas.
    private static readonly string[] ReservedNames = ["system", "temp", "memory", "main", "information_schema", "pg_catalog"];
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly DuckDBDatabase _database;
    private readonly DuckDbSession _root;
    private readonly DuckDbLibrary _library;
    private readonly HashSet<string> _attached = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _preparing = new(1, 1);

    public DuckDbInstance(string directory)
    {
        Folder = directory;
        Directory.CreateDirectory(directory);
        _database = OpenInMemory();
        _root = new DuckDbSession(Connect());
        _library = new DuckDbLibrary(_root, Connect);

        // Offline, and with no way to files outside of this folder, whatever a query says.
        _root.Execute($"""
            SET errors_as_json=true;
            SET autoinstall_known_extensions=false; SET autoload_known_extensions=false;
            SET temp_directory={SqlNames.Literal(Path.Combine(directory, "tmp"))};
            SET allowed_directories=[{SqlNames.Literal(directory + Path.DirectorySeparatorChar)}]; SET enable_external_access=false;
            SET GLOBAL integer_division=true; SET GLOBAL TimeZone='UTC';
            """);
    }

    /// <summary>The folder of the database files.</summary>
    public string Folder { get; }

    /// <summary>The turn of writers: one statement that writes at a time, since concurrent writers would make each other fail.</summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    /// <summary>Attaches the databases that statements may touch, brings their fixture tables up to date, provides what they call.</summary>
    public async Task PrepareAsync(
        QueryScope request, TableName? target, IReadOnlyList<SqlStatement> statements, CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var database in NeededDatabases(request, target, statements.SelectMany(s => s.Names).ToHashSet()))
            {
                await AttachAsync(database, request.Warn, cancellationToken).ConfigureAwait(false);
                await ImportFixturesAsync(database, request, cancellationToken).ConfigureAwait(false);
            }

            foreach (var statement in statements)
            {
                _library.ProvideFor(statement.Output().Text);
            }
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Drops a database with its file. Fixture files of the project stay, and fill it again when it is next asked for.</summary>
    public async Task DropAsync(string database, CancellationToken cancellationToken)
    {
        if (!IsAllowed(database))
        {
            throw new QueryFailedException($"Local SQL error: '{database}' cannot be the name of a local database");
        }

        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (_attached.Remove(database))
                {
                    _root.Execute($"DETACH {SqlNames.Quote(database)}");
                }

                File.Delete(PathOf(database));
                File.Delete(PathOf(database) + ".wal");
            }
            finally
            {
                Writing.Release();
            }
        }
        catch (DuckDbException e)
        {
            throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e);
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>A session whose unqualified names are tables of one database.</summary>
    public DuckDbSession OpenSession(string database)
    {
        var session = new DuckDbSession(Connect());
        session.Execute($"SET errors_as_json=true; SET search_path={SqlNames.Literal($"{SqlNames.Quote(database)}.main,memory.main")}");
        return session;
    }

    public void Dispose()
    {
        _root.Dispose();
        _database.Dispose();
        _preparing.Dispose();
        Writing.Dispose();
    }

    private static DuckDBDatabase OpenInMemory() => NativeMethods.Startup.DuckDBOpen(":memory:", out var database).IsSuccess()
        ? database
        : throw new QueryFailedException("Local SQL error: DuckDB cannot be started");

    private DuckDBNativeConnection Connect() => NativeMethods.Startup.DuckDBConnect(_database, out var connection).IsSuccess()
        ? connection
        : throw new QueryFailedException("Local SQL error: DuckDB accepts no connection");

    // The query's own, the target's, and every name in the text for which there is a file or a folder of fixtures.
    private SortedSet<string> NeededDatabases(QueryScope request, TableName? target, IReadOnlySet<string> names)
    {
        var needed = new SortedSet<string>(StringComparer.OrdinalIgnoreCase) { request.Database };
        if (target?.Database is { } other)
        {
            needed.Add(other);
        }

        foreach (var name in names.Where(IsAllowed))
        {
            if (File.Exists(PathOf(name)) || Directory.Exists(FixtureTables.FolderOf(request.ProjectDirectory, name)))
            {
                needed.Add(name);
            }
        }

        return needed;
    }

    private async Task AttachAsync(string database, Action<string>? warn, CancellationToken cancellationToken)
    {
        if (_attached.Contains(database))
        {
            return;
        }

        if (!IsAllowed(database))
        {
            throw new QueryFailedException($"Local SQL error: '{database}' cannot be the name of a local database");
        }

        for (var waited = TimeSpan.Zero; ; waited += RetryPause)
        {
            try
            {
                _root.Execute($"ATTACH {SqlNames.Literal(PathOf(database))} AS {SqlNames.Quote(database)}");
                _attached.Add(database);
                ProvideForViews(database);
                return;
            }
            catch (DuckDbException e) when (e.IsLocked)
            {
                if (waited >= LongestWait)
                {
                    throw new QueryFailedException(
                        $"Local SQL error: the local database {PathOf(database)} is in use by another process; try again when it has ended", e);
                }

                if (waited == TimeSpan.Zero)
                {
                    warn?.Invoke($"Waiting for {PathOf(database)}, which another process has open");
                }

                await Task.Delay(RetryPause, cancellationToken).ConfigureAwait(false);
            }
            catch (DuckDbException e)
            {
                throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e);
            }
        }
    }

    // What views call stands in the database, not in the query.
    private void ProvideForViews(string database)
    {
        if (_root.Rows($"SELECT 1 FROM duckdb_views() WHERE NOT internal AND database_name = {SqlNames.Literal(database)} LIMIT 1").Count > 0)
        {
            _library.ProvideAll();
        }
    }

    private async Task ImportFixturesAsync(string database, QueryScope request, CancellationToken cancellationToken)
    {
        var fixtures = new FixtureTables(_root, database, request.ProjectDirectory, Folder);
        if (!fixtures.MayHaveChanged())
        {
            return;
        }

        await Writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await BlockingWork.RunAsync(() => fixtures.Import(request.Debug), _root.Interrupt, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Writing.Release();
        }
    }

    private string PathOf(string database) => Path.Combine(Folder, database.ToLowerInvariant() + ".duckdb");

    /// <summary>Whether a local database may have a name.</summary>
    public static bool IsAllowed(string name) =>
        name.Length is > 0 and <= 128 && name[0] != '-' && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-')
        && !ReservedNames.Contains(name, StringComparer.OrdinalIgnoreCase);
}
