using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Quotes names that Presto takes as they are and DuckDB does not, such as the column <c>user</c> or the alias <c>year</c>.</summary>
internal static class ReservedNames
{
    public static List<SqlNode> Quote(List<SqlNode> nodes, bool isStatement)
    {
        var hasSelectList = nodes.Exists(n => n.IsWord("SELECT"));
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (node is SqlLeaf { Token.Kind: SqlTokenKind.Word } leaf && IsName(nodes, i, leaf.Token.Text, isStatement, hasSelectList))
            {
                node = new SqlLeaf(leaf.Token with { Kind = SqlTokenKind.QuotedName, Text = SqlNames.Quote(leaf.Token.Text) });
            }

            result.Add(node);
        }

        return result;
    }

    private static bool IsName(List<SqlNode> nodes, int i, string word, bool isStatement, bool hasSelectList)
    {
        var before = SqlTree.Previous(nodes, i - 1);
        var previous = SqlTree.At(nodes, before);
        var next = SqlTree.At(nodes, SqlTree.Next(nodes, i + 1));
        if (next is { IsParenthesis: true })
        {
            return false;
        }

        if (Keywords.AlwaysQuoted.Contains(word))
        {
            return !(isStatement && previous is null);
        }

        if (Keywords.QuotedAsColumn.Contains(word) && StartsOperand(previous, isStatement) && EndsOperand(next))
        {
            return true;
        }

        return hasSelectList && IsAlias(nodes, before, next) && (Keywords.NeedsQuotesAsAlias(word) || IsRowAlias(word, previous, next));
    }

    private static bool IsAlias(List<SqlNode> nodes, int before, SqlNode? next)
    {
        var previous = SqlTree.At(nodes, before);
        if (!Keywords.EndsExpression(previous) || previous!.IsWord("OVER") || !(next is null || next.IsSymbol(",") || next.IsWord("FROM")))
        {
            return false;
        }

        // WITH NO DATA
        if (previous.IsWord("NO") && SqlTree.At(nodes, SqlTree.Previous(nodes, before - 1))?.IsWord("WITH") == true)
        {
            return false;
        }

        // INTERVAL '1' DAY
        return !(previous.Is(SqlTokenKind.Text) && SqlTree.At(nodes, SqlTree.Previous(nodes, before - 1))?.IsWord("INTERVAL") == true);
    }

    // SELECT size row, …; but CURRENT ROW, OFFSET 1 ROW
    private static bool IsRowAlias(string word, SqlNode? previous, SqlNode? next) =>
        word.Equals("row", StringComparison.OrdinalIgnoreCase) && previous?.IsWord("CURRENT") == false && next is not null;

    private static bool StartsOperand(SqlNode? previous, bool isStatement) => previous switch
    {
        null => !isStatement,
        SqlLeaf { Token: { Kind: SqlTokenKind.Word } token } => token.Text.ToLowerInvariant() is
            "select" or "distinct" or "by" or "where" or "and" or "or" or "on" or "not" or "when" or "then" or "else" or "case" or "having"
            or "between" or "like",
        SqlLeaf { Token.Kind: SqlTokenKind.Symbol } => true,
        _ => false,
    };

    private static bool EndsOperand(SqlNode? next) => next switch
    {
        null => true,
        SqlLeaf { Token: { Kind: SqlTokenKind.Word } token } => token.Text.ToLowerInvariant() is
            "from" or "as" or "and" or "or" or "is" or "in" or "like" or "between" or "not" or "then" or "else" or "end" or "when" or "where"
            or "group" or "order" or "having" or "union" or "limit" or "asc" or "desc",
        SqlLeaf { Token.Kind: SqlTokenKind.Symbol } => true,
        _ => false,
    };
}
