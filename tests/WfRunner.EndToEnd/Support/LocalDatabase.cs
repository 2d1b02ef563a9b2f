using DuckDB.NET.Data;

namespace WfRunner.EndToEnd.Support;

/// <summary>Looks into a local database with DuckDB itself.</summary>
internal static class LocalDatabase
{
    public static IReadOnlyList<string> Rows(string path, string sql)
    {
        using var connection = new DuckDBConnection($"DataSource={path};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read())
        {
            found.Add(string.Join('|', Enumerable.Range(0, rows.FieldCount).Select(i => rows.IsDBNull(i) ? "NULL" : rows.GetValue(i))));
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }
}
