using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>The part of Hive's syntax that has a plain counterpart (operators-td 22.9).</summary>
internal static class HiveSyntax
{
    public static List<SqlNode> Rewrite(List<SqlNode> nodes, bool isStatement)
    {
        nodes = LateralViews([.. nodes.Select(Leaf)]);
        nodes = HiveClauses.Rewrite(nodes);
        return isStatement ? HiveClauses.Inserts(nodes) : nodes;
    }

    // `name` -> "name"; "text" -> 'text'
    private static SqlNode Leaf(SqlNode node)
    {
        if (node is not SqlLeaf { Token: var token })
        {
            return node;
        }

        return token.Kind switch
        {
            SqlTokenKind.QuotedName => new SqlLeaf(token with { Text = SqlNames.Quote(SqlNames.Unquote(token.Text)) }),
            SqlTokenKind.Text => new SqlLeaf(token with { Text = SqlNames.Literal(Unescape(token.Text)) }),
            _ => node,
        };
    }

    private static string Unescape(string literal)
    {
        var inside = SqlNames.Unquote(literal);
        if (!inside.Contains('\\', StringComparison.Ordinal))
        {
            return inside;
        }

        var text = new System.Text.StringBuilder();
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] != '\\' || i + 1 == inside.Length)
            {
                text.Append(inside[i]);
                continue;
            }

            text.Append(inside[++i] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                var other => other,
            });
        }

        return text.ToString();
    }

    // LATERAL VIEW [OUTER] explode(a) t AS x -> CROSS JOIN UNNEST(a) AS t(x)
    private static List<SqlNode> LateralViews(List<SqlNode> nodes)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var view = SqlTree.Next(nodes, i + 1);
            if (!nodes[i].IsWord("LATERAL") || SqlTree.At(nodes, view)?.IsWord("VIEW") != true)
            {
                continue;
            }

            var explode = SqlTree.Next(nodes, view + 1);
            var isOuter = SqlTree.At(nodes, explode)?.IsWord("OUTER") == true;
            explode = isOuter ? SqlTree.Next(nodes, explode + 1) : explode;
            var open = SqlTree.Next(nodes, explode + 1);
            var table = SqlTree.Next(nodes, open + 1);
            var as_ = SqlTree.Next(nodes, table + 1);
            var hasPositions = SqlTree.At(nodes, explode)?.IsWord("POSEXPLODE") == true;
            if ((!hasPositions && SqlTree.At(nodes, explode)?.IsWord("EXPLODE") != true) || SqlTree.At(nodes, open) is not SqlGroup group
                || SqlTree.At(nodes, as_)?.IsWord("AS") != true)
            {
                continue;
            }

            var end = EndOfNames(nodes, as_ + 1);
            if (hasPositions)
            {
                return LateralViews([.. nodes[..i], .. WithPositions(group, nodes[table], nodes[(as_ + 1)..end], isOuter), .. nodes[end..]]);
            }

            var template = (isOuter ? "LEFT JOIN " : "CROSS JOIN ") + "UNNEST";
            return LateralViews([
                .. nodes[..i],
                SqlLeaf.Generated(template[..^6], nodes[i].Offset),
                new SqlLeaf(new SqlToken(SqlTokenKind.Word, "UNNEST", nodes[i].Offset)),
                group,
                Blank(nodes[i].Offset),
                new SqlLeaf(new SqlToken(SqlTokenKind.Word, "AS", nodes[i].Offset)),
                Blank(nodes[i].Offset),
                nodes[table],
                new SqlGroup(new SqlToken(SqlTokenKind.Symbol, "(", nodes[as_].Offset), nodes[(as_ + 1)..end], new SqlToken(SqlTokenKind.Symbol, ")", nodes[as_].Offset)),
                SqlLeaf.Generated(isOuter ? " ON true " : " ", nodes[i].Offset),
                .. nodes[end..],
            ]);
        }

        return nodes;
    }

    private static SqlLeaf Blank(int offset) => new(new SqlToken(SqlTokenKind.WhiteSpace, " ", offset));

    // Positions count from 0.
    private static List<SqlNode> WithPositions(SqlGroup array, SqlNode table, List<SqlNode> names, bool isOuter) => SqlTemplate.Fill(
        (isOuter ? "LEFT JOIN" : "CROSS JOIN")
        + " LATERAL (SELECT CAST(generate_subscripts({0}, 1) - 1 AS BIGINT), unnest({0})) AS {1}({2}) " + (isOuter ? "ON true " : string.Empty),
        array.Offset,
        array.Children,
        [table],
        names);

    // x, y up to the first node that is neither name nor comma
    private static int EndOfNames(List<SqlNode> nodes, int from)
    {
        var end = from;
        var wantsName = true;
        for (var i = SqlTree.Next(nodes, from); i < nodes.Count; i = SqlTree.Next(nodes, i + 1))
        {
            var isName = nodes[i].Is(SqlTokenKind.Word) || nodes[i].Is(SqlTokenKind.QuotedName);
            if (wantsName ? !isName : !nodes[i].IsSymbol(","))
            {
                break;
            }

            wantsName = !wantsName;
            end = i + 1;
        }

        return end;
    }
}
