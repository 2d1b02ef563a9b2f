using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Syntax around tables, rows and windows that DuckDB writes differently (operators-td 21).</summary>
internal static class TableSyntax
{
    private static readonly string[] ValuesEnds = ["UNION", "EXCEPT", "INTERSECT", "ORDER", "LIMIT", "OFFSET", "FETCH"];

    public static List<SqlNode> Rewrite(List<SqlNode> nodes, bool unnestsRows)
    {
        nodes = ParenthesizeValues(nodes);
        nodes = Unnest(nodes, unnestsRows);
        nodes = SamplePercent(nodes);
        nodes = NullTreatment(nodes);
        nodes = WithinGroup(nodes);
        nodes = AtTimeZone(nodes);
        return IntervalArithmetic.Rewrite(nodes);
    }

    // VALUES 1, 2 -> VALUES (1), (2)
    public static List<SqlNode> ParenthesizeValues(List<SqlNode> nodes)
    {
        var at = nodes.FindIndex(n => n.IsWord("VALUES"));
        if (at < 0)
        {
            return nodes;
        }

        var end = at + 1;
        while (end < nodes.Count && !Array.Exists(ValuesEnds, w => nodes[end].IsWord(w)))
        {
            end++;
        }

        var result = nodes[..(at + 1)];
        var items = SqlTree.SplitAtCommas(nodes[(at + 1)..end]).ConvertAll(v => v.SkipWhile(n => n.Is(SqlTokenKind.WhiteSpace)).ToList());
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                result.Add(SqlLeaf.Generated(",", nodes[at].Offset));
            }

            var isRow = SqlTree.Significant(items[i]) is [{ IsParenthesis: true }];
            result.AddRange(SqlTemplate.Fill(isRow ? " {0}" : " ({0})", nodes[at].Offset, items[i]));
        }

        result.AddRange(nodes[end..]);
        return result;
    }

    // UNNEST of several arrays, of rows, or of a map (two column names for one argument)
    private static List<SqlNode> Unnest(List<SqlNode> nodes, bool unnestsRows)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var open = SqlTree.Next(nodes, i + 1);
            if (nodes[i].IsWord("UNNEST") && SqlTree.At(nodes, open) is SqlGroup { Open.Text: "(" } group
                && EndOfOrdinality(nodes, open + 1) is var end && Columns(nodes, end) is { } columns
                && Lateral(nodes[i].Offset, SqlTree.SplitAtCommas(group.Children), columns, unnestsRows, end > open + 1) is { } lateral)
            {
                result.AddRange(lateral);
                i = end - 1;
            }
            else
            {
                result.Add(nodes[i]);
            }
        }

        return result;
    }

    // Behind WITH ORDINALITY, if it is there.
    private static int EndOfOrdinality(List<SqlNode> nodes, int at)
    {
        var with = SqlTree.Next(nodes, at);
        var word = SqlTree.Next(nodes, with + 1);
        return SqlTree.At(nodes, with)?.IsWord("WITH") == true && SqlTree.At(nodes, word)?.IsWord("ORDINALITY") == true ? word + 1 : at;
    }

    // The column names in "AS t(x, y)", "t(x, y)"
    private static List<List<SqlNode>>? Columns(List<SqlNode> nodes, int at)
    {
        at = SqlTree.Next(nodes, at);
        if (SqlTree.At(nodes, at)?.IsWord("AS") == true)
        {
            at = SqlTree.Next(nodes, at + 1);
        }

        return (SqlTree.At(nodes, at)?.Is(SqlTokenKind.Word) == true || SqlTree.At(nodes, at)?.Is(SqlTokenKind.QuotedName) == true)
            && SqlTree.At(nodes, SqlTree.Next(nodes, at + 1)) is SqlGroup { Open.Text: "(" } names
            ? SqlTree.SplitAtCommas(names.Children)
            : null;
    }

    private static List<SqlNode>? Lateral(int offset, List<List<SqlNode>> arguments, List<List<SqlNode>> columns, bool unnestsRows, bool isNumbered)
    {
        var width = columns.Count - (isNumbered ? 1 : 0);
        if (arguments.Count == 1)
        {
            return width switch
            {
                2 when !unnestsRows => SqlTemplate.Fill(
                    "LATERAL (SELECT unnest(map_keys({0})) AS {1}, unnest(map_values({0})) AS {2}" + Numbers("len(map_keys({0}))", 3) + ")",
                    offset,
                    [arguments[0], .. columns]),
                > 1 => SqlTemplate.Fill("LATERAL (SELECT unnest({0}, max_depth := 2)" + Numbers("len({0})", columns.Count) + ")", offset, [arguments[0], .. columns]),
                _ => null,
            };
        }

        if (arguments.Count != width)
        {
            return null;
        }

        var list = string.Join(", ", arguments.Select((_, n) => string.Create(
            CultureInfo.InvariantCulture, $"unnest({{{n}}}) AS {{{n + arguments.Count}}}")));
        var longest = $"greatest({string.Join(", ", arguments.Select((_, n) => string.Create(CultureInfo.InvariantCulture, $"len({{{n}}})")))})";
        return SqlTemplate.Fill($"LATERAL (SELECT {list}{Numbers(longest, arguments.Count * 2)})", offset, [.. arguments, .. columns]);

        string Numbers(string count, int column) => isNumbered
            ? string.Create(CultureInfo.InvariantCulture, $", unnest(range(1, {count} + 1)) AS {{{column}}}")
            : string.Empty;
    }

    private static List<SqlNode> SamplePercent(List<SqlNode> nodes)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var method = SqlTree.Next(nodes, i + 1);
            var open = SqlTree.Next(nodes, method + 1);
            if (nodes[i].IsWord("TABLESAMPLE") && SqlTree.At(nodes, open) is SqlGroup group
                && SqlTree.Significant(group.Children) is [SqlLeaf { Token.Kind: SqlTokenKind.Number }])
            {
                List<SqlNode> changed = [.. nodes];
                changed[open] = group.With([.. group.Children, SqlLeaf.Generated(" PERCENT", group.Offset)]);
                return changed;
            }
        }

        return nodes;
    }

    // f(x) IGNORE NULLS OVER (…) -> f(x IGNORE NULLS) OVER (…)
    private static List<SqlNode> NullTreatment(List<SqlNode> nodes)
    {
        for (var i = 1; i < nodes.Count; i++)
        {
            var nulls = SqlTree.Next(nodes, i + 1);
            var call = SqlTree.Previous(nodes, i - 1);
            if ((nodes[i].IsWord("IGNORE") || nodes[i].IsWord("RESPECT")) && SqlTree.At(nodes, nulls)?.IsWord("NULLS") == true
                && SqlTree.At(nodes, call) is SqlGroup { Open.Text: "(" } group)
            {
                var word = ((SqlLeaf)nodes[i]).Token.Text;
                var inside = group.With([.. group.Children, SqlLeaf.Generated($" {word} NULLS", nodes[i].Offset)]);
                return NullTreatment([.. nodes[..call], inside, .. nodes[(nulls + 1)..]]);
            }
        }

        return nodes;
    }

    // listagg(x, ',') WITHIN GROUP (ORDER BY y) -> string_agg(x, ',' ORDER BY y)
    private static List<SqlNode> WithinGroup(List<SqlNode> nodes)
    {
        for (var i = 1; i < nodes.Count; i++)
        {
            var word = SqlTree.Next(nodes, i + 1);
            var open = SqlTree.Next(nodes, word + 1);
            var call = SqlTree.Previous(nodes, i - 1);
            if (nodes[i].IsWord("WITHIN") && SqlTree.At(nodes, word)?.IsWord("GROUP") == true
                && SqlTree.At(nodes, open) is SqlGroup order && SqlTree.At(nodes, call) is SqlGroup arguments)
            {
                var inside = arguments.With([.. arguments.Children, SqlLeaf.Generated(" ", order.Offset), .. order.Children]);
                return WithinGroup([.. nodes[..call], inside, .. nodes[(open + 1)..]]);
            }
        }

        return nodes;
    }

    // x AT TIME ZONE 'z' -> at_timezone(x, 'z'), where x is a literal, a column, a call or a group
    private static List<SqlNode> AtTimeZone(List<SqlNode> nodes)
    {
        for (var i = 1; i < nodes.Count; i++)
        {
            var time = SqlTree.Next(nodes, i + 1);
            var zoneWord = SqlTree.Next(nodes, time + 1);
            var zone = SqlTree.Next(nodes, zoneWord + 1);
            if (nodes[i].IsWord("AT") && SqlTree.At(nodes, time)?.IsWord("TIME") == true && SqlTree.At(nodes, zoneWord)?.IsWord("ZONE") == true
                && zone < nodes.Count)
            {
                var start = StartOfOperand(nodes, SqlTree.Previous(nodes, i - 1));
                if (OffsetOf(nodes, zone) is var (offset, last))
                {
                    nodes = [.. nodes[..zone], SqlLeaf.Generated(offset, nodes[i].Offset), .. nodes[(last + 1)..]];
                }

                var inside = SqlTemplate.Fill("{0}, {1}", nodes[i].Offset, nodes[start..i], [nodes[zone]]);
                var arguments = new SqlGroup(new SqlToken(SqlTokenKind.Symbol, "(", nodes[i].Offset), inside, new SqlToken(SqlTokenKind.Symbol, ")", nodes[i].Offset));
                return AtTimeZone([.. nodes[..start], SqlLeaf.Generated("at_timezone", nodes[i].Offset), arguments, .. nodes[(zone + 1)..]]);
            }
        }

        return nodes;
    }

    // AT TIME ZONE INTERVAL '9' HOUR: an offset from UTC.
    private static (string Text, int Last)? OffsetOf(List<SqlNode> nodes, int at)
    {
        var text = SqlTree.Next(nodes, at + 1);
        var unit = SqlTree.Next(nodes, text + 1);
        return nodes[at].IsWord("INTERVAL") && SqlTree.At(nodes, text) is SqlLeaf { Token: { Kind: SqlTokenKind.Text } literal } && SqlTree.At(nodes, unit)?.IsWord("HOUR") == true
            && int.TryParse(SqlNames.Unquote(literal.Text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hours)
            ? (string.Create(CultureInfo.InvariantCulture, $"'{(hours < 0 ? '-' : '+')}{Math.Abs(hours):00}:00'"), unit)
            : null;
    }

    /// <summary>The first node of the operand that ends with a node: a literal, a column, a call or a group.</summary>
    public static int StartOfOperand(List<SqlNode> nodes, int last)
    {
        var at = last;
        while (true)
        {
            var before = SqlTree.Previous(nodes, at - 1);
            var previous = SqlTree.At(nodes, before);
            var continues = nodes[at] switch
            {
                SqlGroup { Open.Text: "" } => false,
                SqlGroup => previous is SqlLeaf { Token: { Kind: SqlTokenKind.Word } word } && !Keywords.Presto.Contains(word.Text)
                    || previous?.IsWord("CAST") == true || previous?.Is(SqlTokenKind.Generated) == true,
                SqlLeaf { Token.Kind: SqlTokenKind.Text } => previous?.IsWord("TIMESTAMP") == true || previous?.IsWord("DATE") == true
                    || previous?.IsWord("TIME") == true || previous?.IsWord("INTERVAL") == true,
                SqlLeaf { Token.Kind: SqlTokenKind.Word } when previous?.Is(SqlTokenKind.Text) == true =>
                    SqlTree.At(nodes, SqlTree.Previous(nodes, before - 1))?.IsWord("INTERVAL") == true,
                SqlLeaf { Token: { Kind: SqlTokenKind.Symbol, Text: "." } } => true,
                _ => previous?.IsSymbol(".") == true,
            };
            if (!continues)
            {
                return at;
            }

            at = before;
        }
    }
}
