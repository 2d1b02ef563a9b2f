using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// <c>information_schema.tables</c> and its relatives as Presto shows them: a database of Treasure Data is a schema there, and a catalog
/// of DuckDB.
/// </summary>
internal static class InformationSchema
{
    private const string Own = "NOT IN ('memory', 'system', 'temp')";

    private static readonly Dictionary<string, string> Views = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tables"] = $"SELECT 'td-presto' AS table_catalog, table_catalog AS table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema = 'main' AND table_catalog {Own}",
        ["views"] = $"SELECT 'td-presto' AS table_catalog, table_catalog AS table_schema, table_name FROM information_schema.tables WHERE table_schema = 'main' AND table_type = 'VIEW' AND table_catalog {Own}",
        ["columns"] = $"SELECT 'td-presto' AS table_catalog, table_catalog AS table_schema, table_name, column_name, CAST(ordinal_position AS BIGINT) AS ordinal_position, column_default, is_nullable, {PrestoType("data_type")} AS data_type FROM information_schema.columns WHERE table_schema = 'main' AND table_catalog {Own}",
        ["schemata"] = "SELECT 'td-presto' AS catalog_name, database_name AS schema_name FROM duckdb_databases() WHERE NOT internal AND database_name <> 'memory'",
    };

    /// <summary>An expression for the name of a type in Presto's spelling.</summary>
    public static string PrestoType(string column) => $"system.main.regexp_replace(lower({column}), '^(.*)\\[\\]$', 'array(\\1)')";

    public static List<SqlNode> Rewrite(List<SqlNode> nodes)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var dot = SqlTree.Next(nodes, i + 1);
            var name = SqlTree.Next(nodes, dot + 1);
            if (Name(nodes[i]) is not { } schema || !schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase)
                || SqlTree.At(nodes, dot)?.IsSymbol(".") != true || Name(SqlTree.At(nodes, name)) is not { } table || !Views.TryGetValue(table, out var view))
            {
                continue;
            }

            // information_schema.tables.table_name
            var next = SqlTree.At(nodes, SqlTree.Next(nodes, name + 1));
            var alias = IsAlias(next) ? string.Empty : $" AS {table}";
            var start = StartOfName(nodes, i);
            nodes = [.. nodes[..start], next?.IsSymbol(".") == true ? nodes[name] : SqlLeaf.Generated($"({view}){alias}", nodes[start].Offset), .. nodes[(name + 1)..]];
        }

        return nodes;
    }

    // A catalog in front means nothing here.
    private static int StartOfName(List<SqlNode> nodes, int at) =>
        SqlTree.Previous(nodes, at - 1) is var dot && SqlTree.At(nodes, dot)?.IsSymbol(".") == true && SqlTree.Previous(nodes, dot - 1) is var catalog and >= 0
            ? catalog
            : at;

    private static bool IsAlias(SqlNode? next) => next is not null && (next.IsWord("AS")
        || (Name(next) is not null && (next.Is(SqlTokenKind.QuotedName) || (!Keywords.Presto.Contains(Name(next)!) && !Keywords.NeverAlias.Contains(Name(next)!)))));

    private static string? Name(SqlNode? node) => node is SqlLeaf { Token: { Kind: SqlTokenKind.Word or SqlTokenKind.QuotedName } token } ? SqlNames.Unquote(token.Text) : null;
}
