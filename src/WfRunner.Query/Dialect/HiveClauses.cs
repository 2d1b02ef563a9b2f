using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Hive's clauses and operators that Presto does not have (operators-td 22.9).</summary>
internal static class HiveClauses
{
    private static readonly string[] SortingWords = ["DISTRIBUTE", "CLUSTER", "SORT"];
    private static readonly string[] ClauseEnds = ["DISTRIBUTE", "CLUSTER", "SORT", "ORDER", "LIMIT", "UNION", "WINDOW", "HAVING"];

    /// <summary>Rewrites the nodes of a statement or of a group within one.</summary>
    public static List<SqlNode> Rewrite(List<SqlNode> nodes) => Subscripts(RegularExpressions(SemiJoins(WithoutDistribution(nodes))));

    /// <summary>
    /// <c>INSERT OVERWRITE TABLE t</c> replaces a table, <c>INSERT INTO TABLE t</c> appends to one; a <c>WITH</c> may stand before them.
    /// </summary>
    public static List<SqlNode> Inserts(List<SqlNode> nodes)
    {
        var insert = nodes.FindIndex(n => n.IsWord("INSERT"));
        var mode = SqlTree.Next(nodes, insert + 1);
        var tableWord = SqlTree.Next(nodes, mode + 1);
        if (insert < 0 || SqlTree.At(nodes, mode) is not { } word || !(word.IsWord("OVERWRITE") || word.IsWord("INTO")))
        {
            return nodes;
        }

        var start = SqlTree.At(nodes, tableWord)?.IsWord("TABLE") == true ? tableWord + 1 : mode + 1;
        var query = nodes.FindIndex(start, n => n.IsWord("SELECT") || n.IsWord("VALUES") || n.IsWord("WITH") || n.IsWord("FROM"));
        if (query < 0)
        {
            return nodes;
        }

        // Partitions describe storage.
        var partition = nodes.FindIndex(start, query - start, n => n.IsWord("PARTITION"));
        var target = nodes[start..(partition < 0 ? query : partition)];
        var offset = nodes[insert].Offset;
        return word.IsWord("OVERWRITE")
            ? [SqlLeaf.Generated("CREATE OR REPLACE TABLE ", offset), .. target, SqlLeaf.Generated(" AS ", offset), .. nodes[..insert], .. nodes[query..]]
            : [SqlLeaf.Generated("INSERT INTO ", offset), .. target, SqlLeaf.Generated(" ", offset), .. nodes[..insert], .. nodes[query..]];
    }

    // DISTRIBUTE BY, CLUSTER BY and SORT BY arrange the work of a cluster.
    private static List<SqlNode> WithoutDistribution(List<SqlNode> nodes)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            if (!Array.Exists(SortingWords, nodes[i].IsWord) || SqlTree.At(nodes, SqlTree.Next(nodes, i + 1))?.IsWord("BY") != true)
            {
                continue;
            }

            var end = i + 1;
            while (end < nodes.Count && !Array.Exists(ClauseEnds, nodes[end].IsWord))
            {
                end++;
            }

            return WithoutDistribution([.. nodes[..i], .. nodes[end..]]);
        }

        return nodes;
    }

    // LEFT SEMI JOIN -> SEMI JOIN
    private static List<SqlNode> SemiJoins(List<SqlNode> nodes)
    {
        var left = nodes.FindIndex(n => n.IsWord("LEFT"));
        while (left >= 0)
        {
            if (SqlTree.At(nodes, SqlTree.Next(nodes, left + 1))?.IsWord("SEMI") == true)
            {
                nodes = [.. nodes[..left], .. nodes[(left + 1)..]];
            }

            left = left + 1 < nodes.Count ? nodes.FindIndex(left + 1, n => n.IsWord("LEFT")) : -1;
        }

        return nodes;
    }

    // x RLIKE p -> regexp_like(x, p)
    private static List<SqlNode> RegularExpressions(List<SqlNode> nodes)
    {
        for (var i = 1; i < nodes.Count; i++)
        {
            if (!nodes[i].IsWord("RLIKE") && !nodes[i].IsWord("REGEXP"))
            {
                continue;
            }

            var before = SqlTree.Previous(nodes, i - 1);
            var isNegated = SqlTree.At(nodes, before)?.IsWord("NOT") == true;
            var last = isNegated ? SqlTree.Previous(nodes, before - 1) : before;
            var pattern = SqlTree.Next(nodes, i + 1);
            if (last < 0 || pattern >= nodes.Count)
            {
                return nodes;
            }

            var start = TableSyntax.StartOfOperand(nodes, last);
            var end = EndOfOperand(nodes, pattern);
            var call = SqlTemplate.Fill(
                (isNegated ? "NOT " : string.Empty) + "regexp_like({0}, {1})", nodes[i].Offset, nodes[start..(last + 1)], nodes[pattern..end]);
            return RegularExpressions([.. nodes[..start], .. call, .. nodes[end..]]);
        }

        return nodes;
    }

    // A literal, a column, a call or a group.
    private static int EndOfOperand(List<SqlNode> nodes, int start)
    {
        var end = start + 1;
        while (SqlTree.Next(nodes, end) is var next && next < nodes.Count)
        {
            if (nodes[next].IsSymbol("."))
            {
                end = SqlTree.Next(nodes, next + 1) + 1;
            }
            else if (nodes[next] is SqlGroup && !nodes[start].Is(SqlTokenKind.Text))
            {
                end = next + 1;
            }
            else
            {
                break;
            }
        }

        return Math.Min(end, nodes.Count);
    }

    // Arrays count from 0; what has a text in its brackets is a map.
    private static List<SqlNode> Subscripts(List<SqlNode> nodes)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var isSubscript = nodes[i] is SqlGroup { Open.Text: "[" } && Keywords.EndsExpression(SqlTree.At(nodes, SqlTree.Previous(nodes, i - 1)));
            result.Add(isSubscript && nodes[i] is SqlGroup group && !group.Children.Exists(n => n.Is(SqlTokenKind.Text))
                ? group.With(SqlTemplate.Fill("({0}) + 1", group.Offset, group.Children))
                : nodes[i]);
        }

        return result;
    }
}
