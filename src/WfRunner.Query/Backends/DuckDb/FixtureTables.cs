using System.Globalization;
using System.Security.Cryptography;
using WfRunner.Core.Config;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// The files <c>data/&lt;database&gt;/&lt;table&gt;.{csv,parquet,json}</c> of a project as tables. A file is imported when it is new
/// or its content has changed, never otherwise: a query may replace such a table, and its result stays until the file changes.
/// </summary>
internal sealed class FixtureTables
{
    private readonly DuckDbSession _session;
    private readonly string _folder;
    private readonly string _projectDirectory;
    private readonly string _localDirectory;
    private readonly string _catalog;

    public FixtureTables(DuckDbSession session, string database, string projectDirectory, string localDirectory)
    {
        _session = session;
        _folder = FolderOf(projectDirectory, database);
        _projectDirectory = projectDirectory;
        _localDirectory = localDirectory;
        _catalog = SqlNames.Quote(database);
    }

    /// <summary>The folder of a database's fixtures.</summary>
    public static string FolderOf(string projectDirectory, string database) => Path.Combine(projectDirectory, "data", database);

    /// <summary>Whether there is a file whose size or time is not the recorded one; cheap.</summary>
    public bool MayHaveChanged()
    {
        var files = Files();
        if (files.Count == 0)
        {
            return false;
        }

        var known = Known();
        return files.Exists(f => !known.TryGetValue(f.Name, out var k) || k.Stamp != StampOf(f));
    }

    /// <summary>Imports what has changed, each file in a transaction of its own.</summary>
    /// <exception cref="QueryFailedException">A file cannot be read.</exception>
    public void Import(Action<string>? debug)
    {
        _session.Execute($"""
            CREATE SCHEMA IF NOT EXISTS {_catalog}.wf_local;
            CREATE TABLE IF NOT EXISTS {_catalog}.wf_local.fixtures (file VARCHAR PRIMARY KEY, stamp VARCHAR, hash VARCHAR)
            """);
        var known = Known();
        foreach (var file in Files())
        {
            known.TryGetValue(file.Name, out var record);
            var stamp = StampOf(file);
            if (record.Stamp == stamp)
            {
                continue;
            }

            // A fresh checkout or workspace has new times for the same content.
            var hash = HashOf(file);
            if (record.Hash == hash)
            {
                Remember(file, stamp, hash);
            }
            else
            {
                debug?.Invoke($"Importing {file.FullName}");
                ImportFile(file, stamp, hash);
            }
        }
    }

    private List<FileInfo> Files()
    {
        if (!Directory.Exists(_folder))
        {
            return [];
        }

        List<FileInfo> files =
        [
            .. new DirectoryInfo(_folder).EnumerateFiles()
                .Where(f => DataFileReader.Endings.Contains(f.Extension, StringComparer.OrdinalIgnoreCase))
                .OrderBy(f => f.Name, StringComparer.Ordinal),
        ];
        var twice = files.GroupBy(f => Path.GetFileNameWithoutExtension(f.Name), StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? files
            : throw new QueryFailedException(
                $"Local SQL error: table '{twice.Key}' has several fixtures: {string.Join(", ", twice.Select(f => f.Name))}");
    }

    private Dictionary<string, (string Stamp, string Hash)> Known()
    {
        var exists = _session.Rows($"SELECT 1 FROM duckdb_tables() WHERE database_name = {SqlNames.Literal(SqlNames.Unquote(_catalog))} "
            + "AND schema_name = 'wf_local' AND table_name = 'fixtures'").Count > 0;
        return exists
            ? _session.Rows($"SELECT file, stamp, hash FROM {_catalog}.wf_local.fixtures")
                .ToDictionary(r => Text(r[0]), r => (Text(r[1]), Text(r[2])), StringComparer.Ordinal)
            : [];
    }

    private void ImportFile(FileInfo file, string stamp, string hash)
    {
        // The engine reads nothing outside of its own folder, so it gets a copy for as long as the import takes.
        var copy = Path.Combine(_localDirectory, "import-" + Guid.NewGuid().ToString("N") + file.Extension.ToLowerInvariant());
        try
        {
            File.Copy(Contained(file), copy);
            var table = $"{_catalog}.main.{SqlNames.Quote(Path.GetFileNameWithoutExtension(file.Name))}";
            _session.InTransaction(() =>
            {
                DropView(table);
                _session.Execute($"CREATE OR REPLACE TABLE {table} AS {new DataFileReader(_session).QueryOf(copy)}");
                Remember(file, stamp, hash);
            });
        }
        catch (DuckDbException e) when (!e.IsInterrupt)
        {
            throw new QueryFailedException(
                $"Local SQL error: the fixture {file.FullName} cannot be read: {e.FirstLine.Replace(copy, file.Name, StringComparison.Ordinal)}", e);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    // A link may not lead out of the project.
    private string Contained(FileInfo file)
    {
        var target = file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
        return !Path.GetRelativePath(_projectDirectory, target).StartsWith("..", StringComparison.Ordinal)
            ? target
            : throw new QueryFailedException($"Local SQL error: the fixture {file.FullName} is a link that leads out of the project");
    }

    private void DropView(string table)
    {
        var name = table.Split('.', 3)[2];
        var isView = _session.Rows($"SELECT 1 FROM duckdb_views() WHERE database_name = {SqlNames.Literal(SqlNames.Unquote(_catalog))} "
            + $"AND schema_name = 'main' AND lower(view_name) = lower({SqlNames.Literal(SqlNames.Unquote(name))})").Count > 0;
        if (isView)
        {
            _session.Execute($"DROP VIEW {table}");
        }
    }

    private void Remember(FileInfo file, string stamp, string hash) => _session.Execute(
        $"INSERT OR REPLACE INTO {_catalog}.wf_local.fixtures VALUES ({SqlNames.Literal(file.Name)}, {SqlNames.Literal(stamp)}, {SqlNames.Literal(hash)})");

    private static string Text(ConfigValue value) => ((ConfigText)value).Value;

    private static string StampOf(FileInfo file) => string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}");

    private static string HashOf(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
