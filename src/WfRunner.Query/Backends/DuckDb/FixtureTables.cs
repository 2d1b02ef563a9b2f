using System.Globalization;
using DuckDB.NET.Data;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// Files in <c>data/&lt;database&gt;/</c> as tables. A file is imported when it is new or has changed since; a query that replaces
/// such a table keeps its result until the file changes again.
/// </summary>
internal sealed class FixtureTables(DuckDBConnection connection, string database, string folder)
{
    private static readonly string[] Endings = [".csv", ".parquet", ".json"];

    private readonly string _catalog = DuckDbInstance.Quote(database);

    public void Refresh()
    {
        Execute($"CREATE SCHEMA IF NOT EXISTS {_catalog}.wf_local");
        Execute($"CREATE TABLE IF NOT EXISTS {_catalog}.wf_local.fixtures (table_name VARCHAR PRIMARY KEY, version VARCHAR NOT NULL)");
        Execute($"CREATE SEQUENCE IF NOT EXISTS {_catalog}.wf_local.job_id");
        if (!Directory.Exists(folder))
        {
            return;
        }

        var known = KnownVersions();
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            var table = Path.GetFileNameWithoutExtension(file);
            var ending = Path.GetExtension(file);
            if (Endings.Contains(ending) && known.GetValueOrDefault(table) != VersionOf(file))
            {
                Import(table, file, ending);
            }
        }
    }

    private void Import(string table, string file, string ending)
    {
        var reader = ending switch
        {
            ".csv" => $"read_csv({DuckDbInstance.Literal(file)}, header = true, sample_size = -1, allow_quoted_nulls = false)",
            ".parquet" => $"read_parquet({DuckDbInstance.Literal(file)})",
            _ => $"read_json_auto({DuckDbInstance.Literal(file)})",
        };
        try
        {
            Execute("BEGIN");
            Execute($"CREATE OR REPLACE TABLE {_catalog}.main.{DuckDbInstance.Quote(table)} AS SELECT * FROM {reader}");
            Execute(
                $"INSERT OR REPLACE INTO {_catalog}.wf_local.fixtures VALUES ({DuckDbInstance.Literal(table)}, {DuckDbInstance.Literal(VersionOf(file))})");
            Execute("COMMIT");
        }
        catch (DuckDBException e)
        {
            Execute("ROLLBACK");
            throw new QueryFailedException($"Local SQL error: the fixture {file} cannot be read: {DuckDbError.FirstLine(e.Message)}", e);
        }
    }

    private Dictionary<string, string> KnownVersions()
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT table_name, version FROM {_catalog}.wf_local.fixtures";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            versions[rows.GetString(0)] = rows.GetString(1);
        }

        return versions;
    }

    private static string VersionOf(string file)
    {
        var info = new FileInfo(file);
        return string.Create(CultureInfo.InvariantCulture, $"{info.Name} {info.Length} {info.LastWriteTimeUtc.Ticks}");
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
