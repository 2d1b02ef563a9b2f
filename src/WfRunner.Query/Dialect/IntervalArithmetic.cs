using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// <c>d + INTERVAL '1' DAY</c>: a date stays a date in Presto and becomes a timestamp in DuckDB. The type is known to the engine only,
/// so the sum becomes a call of a macro that has a form for each type.
/// </summary>
internal static class IntervalArithmetic
{
    public static List<SqlNode> Rewrite(List<SqlNode> nodes)
    {
        for (var i = 1; i < nodes.Count; i++)
        {
            var word = SqlTree.Next(nodes, i + 1);
            if ((nodes[i].IsSymbol("+") || nodes[i].IsSymbol("-")) && SqlTree.At(nodes, word)?.IsWord("INTERVAL") == true
                && SqlTree.Next(nodes, word + 1) is var text && SqlTree.At(nodes, text)?.Is(SqlTokenKind.Text) == true
                && SqlTree.Next(nodes, text + 1) is var unit && SqlTree.At(nodes, unit)?.Is(SqlTokenKind.Word) == true
                && SqlTree.Previous(nodes, i - 1) is var last and >= 0 && Keywords.EndsExpression(nodes[last])
                && TableSyntax.StartOfOperand(nodes, last) is var start && IsWhole(nodes, start))
            {
                var sign = nodes[i].IsSymbol("-") ? "-" : string.Empty;
                var inside = SqlTemplate.Fill($"{{0}}, {sign}{{1}}", nodes[i].Offset, nodes[start..(last + 1)], nodes[word..(unit + 1)]);
                var group = new SqlGroup(Symbol("(", nodes[i].Offset), inside, Symbol(")", nodes[i].Offset));
                return Rewrite([.. nodes[..start], SqlLeaf.Generated("wf_shift", nodes[i].Offset), group, .. nodes[(unit + 1)..]]);
            }
        }

        return nodes;
    }

    private static SqlToken Symbol(string text, int offset) => new(SqlTokenKind.Symbol, text, offset);

    // Not the second factor of a product, nor what is taken from something.
    private static bool IsWhole(List<SqlNode> nodes, int start) => SqlTree.At(nodes, SqlTree.Previous(nodes, start - 1)) is not SqlLeaf
    {
        Token: { Kind: SqlTokenKind.Symbol, Text: "+" or "-" or "*" or "/" or "%" or "||" or "::" or "." },
    };
}
