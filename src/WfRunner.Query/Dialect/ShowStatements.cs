using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary><c>SHOW …</c> and <c>DESCRIBE</c> with the columns that Presto gives them. Databases are DuckDB's catalogs.</summary>
internal static class ShowStatements
{
    public static List<SqlNode> Rewrite(List<SqlNode> nodes)
    {
        var first = SqlTree.Next(nodes, 0);
        if (SqlTree.At(nodes, first) is not { } word)
        {
            return nodes;
        }

        if (word.IsWord("DESCRIBE") || word.IsWord("DESC"))
        {
            return Columns(nodes[(first + 1)..], word.Offset);
        }

        if (!word.IsWord("SHOW"))
        {
            return nodes;
        }

        var what = SqlTree.Next(nodes, first + 1);
        var rest = what < nodes.Count ? nodes[(what + 1)..] : [];
        return SqlTree.At(nodes, what) switch
        {
            { } n when n.IsWord("COLUMNS") => Columns(Behind(rest), word.Offset),
            { } n when n.IsWord("TABLES") => Tables(rest, word.Offset),
            { } n when n.IsWord("SCHEMAS") || n.IsWord("DATABASES") => Schemas(rest, word.Offset),
            { } n when n.IsWord("FUNCTIONS") => Fill("SELECT DISTINCT function_name AS \"Function\" FROM duckdb_functions(){0} ORDER BY 1", Like(rest, "function_name", " WHERE"), word.Offset),
            { } n when n.IsWord("CREATE") && SqlTree.Next(rest, 0) is var kind && SqlTree.At(rest, kind)?.IsWord("TABLE") == true =>
                CreateTable(rest[(kind + 1)..], word.Offset),
            _ => nodes,
        };
    }

    private static List<SqlNode> Columns(List<SqlNode> table, int offset) => SqlTree.Significant(table) is [] or [SqlLeaf { Token.Kind: not (SqlTokenKind.Word or SqlTokenKind.QuotedName) }, ..]
        ? [SqlLeaf.Generated("DESCRIBE", offset), .. table]
        : Fill("SELECT column_name AS \"Column\", " + InformationSchema.PrestoType("column_type") + " AS \"Type\", '' AS \"Extra\", '' AS \"Comment\" FROM (DESCRIBE {0})", table, offset);

    private static List<SqlNode> Tables(List<SqlNode> rest, int offset)
    {
        var like = rest.FindIndex(n => n.IsWord("LIKE"));
        var source = like < 0 ? rest : rest[..like];
        return SqlTemplate.Fill("SELECT name AS \"Table\" FROM (SHOW TABLES{0}){1} ORDER BY 1", offset, source, Like(rest, "name", " WHERE"));
    }

    private static List<SqlNode> Schemas(List<SqlNode> rest, int offset) =>
        Fill("SELECT database_name AS \"Schema\" FROM duckdb_databases() WHERE NOT internal AND database_name <> 'memory'{0} ORDER BY 1", Like(rest, "database_name", " AND"), offset);

    private static List<SqlNode> CreateTable(List<SqlNode> name, int offset)
    {
        var parts = SqlTree.Significant(name).OfType<SqlLeaf>().Where(l => !l.IsSymbol(".")).Select(l => SqlNames.Literal(SqlNames.Unquote(l.Token.Text))).ToList();
        return parts.Count == 0 ? name :
        [
            SqlLeaf.Generated(
                "SELECT sql AS \"Create Table\" FROM duckdb_tables() WHERE lower(database_name) = lower("
                + $"{(parts.Count > 1 ? parts[^2] : "current_database()")}) AND lower(table_name) = lower({parts[^1]})",
                offset),
        ];
    }

    private static List<SqlNode> Like(List<SqlNode> rest, string column, string keyword)
    {
        var like = rest.FindIndex(n => n.IsWord("LIKE"));
        return like < 0 ? [] : [SqlLeaf.Generated($"{keyword} {column} ", rest[like].Offset), .. rest[like..]];
    }

    // FROM t, IN t
    private static List<SqlNode> Behind(List<SqlNode> rest) =>
        SqlTree.Next(rest, 0) is var from && SqlTree.At(rest, from) is { } word && (word.IsWord("FROM") || word.IsWord("IN")) ? rest[(from + 1)..] : rest;

    private static List<SqlNode> Fill(string template, List<SqlNode> nodes, int offset) => SqlTemplate.Fill(template, offset, nodes);
}
