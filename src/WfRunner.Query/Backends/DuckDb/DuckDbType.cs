namespace WfRunner.Query.Backends.DuckDb;

/// <summary>DuckDB's types in Presto's spelling.</summary>
internal static class DuckDbType
{
    public static bool IsNested(string prestoType) =>
        prestoType.StartsWith("array(", StringComparison.Ordinal) || prestoType.StartsWith("map(", StringComparison.Ordinal)
        || prestoType.StartsWith("row(", StringComparison.Ordinal);

    public static string ToPresto(string type)
    {
        if (type.EndsWith("[]", StringComparison.Ordinal))
        {
            return $"array({ToPresto(type[..^2])})";
        }

        if (type.StartsWith("MAP(", StringComparison.Ordinal))
        {
            var parts = SplitAtTopLevel(type[4..^1]);
            return $"map({string.Join(",", parts.Select(ToPresto))})";
        }

        if (type.StartsWith("STRUCT(", StringComparison.Ordinal))
        {
            return "row(" + type[7..^1].ToLowerInvariant() + ")";
        }

        return type switch
        {
            "BIGINT" or "HUGEINT" or "UBIGINT" or "UHUGEINT" => "bigint",
            "INTEGER" or "UINTEGER" => "integer",
            "SMALLINT" or "USMALLINT" => "smallint",
            "TINYINT" or "UTINYINT" => "tinyint",
            "FLOAT" => "real",
            "BLOB" => "varbinary",
            "TIMESTAMP WITH TIME ZONE" => "timestamp with time zone",
            "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => "timestamp",
            _ => type.ToLowerInvariant(),
        };
    }

    private static List<string> SplitAtTopLevel(string text)
    {
        var parts = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] is '(' ? 1 : text[i] is ')' ? -1 : 0;
            if (text[i] == ',' && depth == 0)
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(text[start..].Trim());
        return parts;
    }
}
