using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Gives columns without a name the one Presto gives them: <c>_col0</c>, <c>_col1</c>, by position. DuckDB would take the
/// expression's text, and <c>${td.last_results._col0}</c> would find nothing.
/// </summary>
internal static class ColumnNames
{
    private static readonly string[] ListEnds =
        ["FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "EXCEPT", "INTERSECT", "WINDOW"];

    public static List<SqlNode> NameUnnamed(List<SqlNode> nodes)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            result.Add(nodes[i]);
            if (nodes[i].IsWord("SELECT"))
            {
                var end = EndOfList(nodes, i + 1);
                result.AddRange(NameItems(nodes[(i + 1)..end]));
                i = end - 1;
            }
        }

        return result;
    }

    private static int EndOfList(List<SqlNode> nodes, int from)
    {
        while (from < nodes.Count && (!Array.Exists(ListEnds, w => nodes[from].IsWord(w)) || IsComparison(nodes, from)))
        {
            from++;
        }

        return from;
    }

    // a IS [NOT] DISTINCT FROM b
    private static bool IsComparison(List<SqlNode> nodes, int from) => nodes[from].IsWord("FROM")
        && SqlTree.Previous(nodes, from - 1) is var distinct && SqlTree.At(nodes, distinct)?.IsWord("DISTINCT") == true
        && SqlTree.At(nodes, SqlTree.Previous(nodes, distinct - 1)) is { } before && (before.IsWord("IS") || before.IsWord("NOT"));

    private static List<SqlNode> NameItems(List<SqlNode> list)
    {
        var items = SqlTree.SplitAtCommas(list);
        if (items.Count == 0 || items.Exists(HasStar))
        {
            // The position behind a star is unknown.
            return list;
        }

        var result = new List<SqlNode>(list.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                result.Add(new SqlLeaf(new SqlToken(SqlTokenKind.Symbol, ",", items[i - 1].Count > 0 ? items[i - 1][^1].Offset : 0)));
            }

            result.AddRange(IsNamed(items[i]) ? items[i] : WithName(items[i], i));
        }

        return result;
    }

    private static bool HasStar(List<SqlNode> item) => SqlTree.Significant(item) is { Count: > 0 } s && s[^1].IsSymbol("*");

    private static List<SqlNode> WithName(List<SqlNode> item, int position)
    {
        var last = SqlTree.Previous(item, item.Count - 1);
        var name = SqlLeaf.Generated(" AS _col" + position.ToString(CultureInfo.InvariantCulture), item[last].Offset);
        return [.. item[..(last + 1)], name, .. item[(last + 1)..]];
    }

    private static bool IsNamed(List<SqlNode> item)
    {
        var nodes = SqlTree.Significant(item);
        if (nodes.Count > 0 && (nodes[0].IsWord("DISTINCT") || nodes[0].IsWord("ALL")))
        {
            nodes.RemoveAt(0);
        }

        // Nothing to name, or a mistake that the engine explains better.
        if (nodes.Count == 0)
        {
            return true;
        }

        if (IsColumn(nodes))
        {
            return true;
        }

        if (nodes.Count < 2 || !IsNameNode(nodes[^1]))
        {
            return false;
        }

        var previous = nodes[^2];
        return previous.IsWord("AS")
            || (Keywords.EndsExpression(previous) && !previous.IsWord("OVER")
                && !(nodes.Count > 2 && previous.Is(SqlTokenKind.Text) && nodes[^3].IsWord("INTERVAL")));
    }

    // a, a.b, "a"."b"
    private static bool IsColumn(List<SqlNode> nodes)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            if (i % 2 == 0 ? !IsNameNode(nodes[i]) : !nodes[i].IsSymbol("."))
            {
                return false;
            }
        }

        return nodes.Count % 2 == 1;
    }

    private static bool IsNameNode(SqlNode node) =>
        node is SqlLeaf { Token: var token }
        && (token.Kind == SqlTokenKind.QuotedName || (token.Kind == SqlTokenKind.Word && !Keywords.Presto.Contains(token.Text)));
}
