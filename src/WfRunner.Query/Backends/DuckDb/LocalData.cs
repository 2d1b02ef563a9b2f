using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>Looks into the local databases of a project, and moves data in and out as files.</summary>
/// <param name="scope">The project and its folder of databases; its database is that of names without one.</param>
public sealed class LocalData(QueryScope scope)
{
    /// <summary>All tables, by database and name.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The tables.</returns>
    /// <exception cref="QueryFailedException">A database cannot be opened.</exception>
    public async Task<IReadOnlyList<LocalTable>> ListAsync(CancellationToken cancellationToken)
    {
        var tables = new List<LocalTable>();
        foreach (var database in Databases())
        {
            tables.AddRange(await InAsync(database, session => TablesOf(session, database), cancellationToken).ConfigureAwait(false));
        }

        return tables;
    }

    /// <summary>Makes a table of a file; a table of that name is replaced.</summary>
    /// <param name="path">Absolute path of a <c>.csv</c>, <c>.parquet</c> or <c>.json</c> file.</param>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    /// <returns>How many rows it has.</returns>
    /// <exception cref="QueryFailedException">The file cannot be read as what its ending says.</exception>
    public Task<long> ImportAsync(string path, TableName table, CancellationToken cancellationToken)
    {
        CheckEnding(path, DataFileReader.Endings);
        if (!File.Exists(path))
        {
            throw new WorkflowException(FailureKind.NoSuchFile, $"File not found: {path}");
        }

        return WithFileAsync(path, table, CopyIn, cancellationToken);

        long CopyIn(DuckDbSession session, string copy)
        {
            File.Copy(path, copy);
            session.Execute($"CREATE OR REPLACE TABLE {Qualified(table)} AS {new DataFileReader(session).QueryOf(copy)}");
            return Count(session, table);
        }
    }

    /// <summary>Writes a table to a file, which appears when it is complete.</summary>
    /// <param name="table">The table.</param>
    /// <param name="path">Absolute path of a <c>.csv</c>, <c>.parquet</c> or <c>.json</c> file.</param>
    /// <param name="cancellationToken">Ends the export.</param>
    /// <returns>How many rows it has.</returns>
    /// <exception cref="QueryFailedException">There is no such table.</exception>
    public Task<long> ExportAsync(TableName table, string path, CancellationToken cancellationToken)
    {
        CheckEnding(path, DataFileReader.Endings);
        return WithFileAsync(path, table, CopyOut, cancellationToken);

        long CopyOut(DuckDbSession session, string copy)
        {
            var format = Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".csv" => "FORMAT csv, HEADER, NULLSTR ''",
                ".parquet" => "FORMAT parquet, COMPRESSION zstd",
                _ => "FORMAT json",
            };
            session.Execute($"COPY {Qualified(table)} TO {SqlNames.Literal(copy)} ({format})");
            File.Move(copy, path, overwrite: true);
            return Count(session, table);
        }
    }

    private static void CheckEnding(string path, string[] endings)
    {
        if (!endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new WorkflowException(FailureKind.IllegalArgument, $"{path}: the file must end with {string.Join(", ", endings)}");
        }
    }

    // The engine touches nothing outside of its own folder.
    private Task<long> WithFileAsync(string path, TableName table, Func<DuckDbSession, string, long> work, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(scope.LocalDirectory);
        var copy = Path.Combine(scope.LocalDirectory, "data-" + Guid.NewGuid().ToString("N") + Path.GetExtension(path).ToLowerInvariant());
        return InAsync(
            DatabaseOf(table),
            session =>
            {
                try
                {
                    return work(session, copy);
                }
                finally
                {
                    File.Delete(copy);
                }
            },
            cancellationToken);
    }

    private async Task<T> InAsync<T>(string database, Func<DuckDbSession, T> work, CancellationToken cancellationToken)
    {
        using var lease = DuckDbInstances.Acquire(scope.LocalDirectory);
        await lease.Instance.PrepareAsync(scope with { Database = database }, null, [], cancellationToken).ConfigureAwait(false);
        await lease.Instance.Writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var session = lease.Instance.OpenSession(database);
            return await BlockingWork.RunAsync(() => work(session), session.Interrupt, cancellationToken).ConfigureAwait(false);
        }
        catch (DuckDbException e)
        {
            throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e);
        }
        finally
        {
            lease.Instance.Writing.Release();
        }
    }

    // Those that exist as files, and those that the project has files of data for.
    private IEnumerable<string> Databases()
    {
        var made = Directory.Exists(scope.LocalDirectory)
            ? Directory.EnumerateFiles(scope.LocalDirectory, "*.duckdb").Select(f => Path.GetFileNameWithoutExtension(f)!)
            : [];
        var data = Path.Combine(scope.ProjectDirectory, "data");
        var given = Directory.Exists(data) ? Directory.EnumerateDirectories(data).Select(d => Path.GetFileName(d)!.ToLowerInvariant()) : [];
        return made.Union(given, StringComparer.OrdinalIgnoreCase).Where(DuckDbInstance.IsAllowed).Order(StringComparer.Ordinal);
    }

    private List<LocalTable> TablesOf(DuckDbSession session, string database)
    {
        var rows = session.Rows(
            $"SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() WHERE lower(database_name) = lower({SqlNames.Literal(database)}) "
            + "AND schema_name = 'main' GROUP BY 1 ORDER BY 1");
        return rows.ConvertAll(row =>
        {
            var name = new TableName(database, ((ConfigText)row[0]).Value);
            return new LocalTable(name, Count(session, name), [.. ((ConfigList)row[1]).Items.Select(c => ((ConfigText)c).Value)]);
        });
    }

    private long Count(DuckDbSession session, TableName table) => (long)((ConfigInteger)session.Rows($"SELECT count(*) FROM {Qualified(table)}")[0][0]).Value;

    private string DatabaseOf(TableName table) => table.Database ?? scope.Database;

    private string Qualified(TableName table) => $"{SqlNames.Quote(DatabaseOf(table))}.main.{SqlNames.Quote(table.Table)}";
}
