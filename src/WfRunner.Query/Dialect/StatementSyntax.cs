using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Statements that DuckDB writes differently (operators-td 21).</summary>
internal static class StatementSyntax
{
    public static List<SqlNode> Rewrite(List<SqlNode> nodes) => ColumnTypes(WithoutTableProperties(ShowStatements.Rewrite(nodes)));

    // CREATE TABLE t (tags array(varchar))
    private static List<SqlNode> ColumnTypes(List<SqlNode> nodes)
    {
        var first = SqlTree.Next(nodes, 0);
        var second = SqlTree.Next(nodes, first + 1);
        var isDefinition = (SqlTree.At(nodes, first)?.IsWord("CREATE") == true || SqlTree.At(nodes, first)?.IsWord("ALTER") == true)
            && SqlTree.At(nodes, second)?.IsWord("TABLE") == true && !nodes.Exists(n => n.IsWord("AS"));
        return isDefinition && TypeNames.NeedsRewrite(nodes) ? TypeNames.Rewrite(nodes) : nodes;
    }

    // CREATE TABLE t WITH (…) AS …: the properties describe remote storage.
    public static List<SqlNode> WithoutTableProperties(List<SqlNode> nodes)
    {
        var first = SqlTree.Next(nodes, 0);
        if (SqlTree.At(nodes, first)?.IsWord("CREATE") != true || SqlTree.At(nodes, SqlTree.Next(nodes, first + 1))?.IsWord("TABLE") != true)
        {
            return nodes;
        }

        var with = nodes.FindIndex(n => n.IsWord("WITH") || n.IsWord("AS"));
        var open = SqlTree.Next(nodes, with + 1);
        return with >= 0 && nodes[with].IsWord("WITH") && SqlTree.At(nodes, open)?.IsParenthesis == true
            ? [.. nodes[..with], .. nodes[(open + 1)..]]
            : nodes;
    }
}
