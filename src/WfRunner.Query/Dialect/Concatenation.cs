using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// <c>array || element</c> and <c>element || array</c>, which only the types tell from joining texts or arrays. The engine refuses
/// such an operator; the statement is then read again with the element as an array of one.
/// </summary>
internal static class Concatenation
{
    /// <summary>The side to wrap in the operator that the engine refused.</summary>
    /// <param name="refusal">What it said, naming the types of both sides.</param>
    /// <returns>Whether the left one; null when that is not the matter.</returns>
    public static bool? WrapsLeft(string refusal)
    {
        const string start = "Cannot concatenate ";
        var at = refusal.IndexOf(start, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var types = refusal[(at + start.Length)..].Replace(" - an explicit cast is required", string.Empty, StringComparison.Ordinal).Split(" and ", 2);
        var (left, right) = types.Length == 2 ? (Depth(types[0]), Depth(types[1])) : (0, 0);
        return left == right ? null : left < right;
    }

    /// <summary>Wraps the elements of the operators that were refused.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="refused">Places in the source that the engine named, or -1 where it named none, with the side to wrap.</param>
    public static List<SqlNode> Rewrite(List<SqlNode> nodes, IReadOnlyList<(int Offset, bool WrapsLeft)> refused)
    {
        foreach (var (offset, wrapsLeft) in refused)
        {
            var at = nodes.FindIndex(n => n.IsSymbol("||") && SqlTree.At(nodes, SqlTree.Next(nodes, nodes.IndexOf(n) + 1)) is { } right && IsAt(right, offset));
            at = at >= 0 ? at : nodes.FindIndex(n => n.IsSymbol("||") && (offset < 0 || nodes[StartOfChain(nodes, nodes.IndexOf(n))].Offset == offset));
            if (at >= 0 && SqlTree.Next(nodes, at + 1) is var start && start < nodes.Count)
            {
                nodes = wrapsLeft ? Wrap(nodes, StartOfChain(nodes, at), at) : Wrap(nodes, start, EndOfOperand(nodes, start));
            }
        }

        return nodes;
    }

    private static int Depth(string type) => type.Split("[]").Length;

    private static List<SqlNode> Wrap(List<SqlNode> nodes, int start, int end)
    {
        var open = new SqlToken(SqlTokenKind.Generated, "[", nodes[start].Offset);
        var close = new SqlToken(SqlTokenKind.Generated, "]", nodes[start].Offset);
        return [.. nodes[..start], new SqlGroup(open, nodes[start..end], close), .. nodes[end..]];
    }

    // The engine names the right operand, or the left one where that is a call. One within it that has an operator of its own before the place is not meant.
    private static bool IsAt(SqlNode right, int offset) => right.Offset == offset
        || (right is SqlGroup { Close: { } close } group && group.Offset < offset && offset < close.Offset && !HasOperatorBefore(group.Children, offset))
        || (right is SqlGroup { Open.Kind: SqlTokenKind.Generated } made && made.Children.Find(n => !n.IsTrivia)?.Offset == offset);

    private static bool HasOperatorBefore(List<SqlNode> nodes, int offset) =>
        nodes.Exists(n => (n.IsSymbol("||") && n.Offset < offset) || (n is SqlGroup group && HasOperatorBefore(group.Children, offset)));

    private static int StartOfChain(List<SqlNode> nodes, int concatenation)
    {
        var start = TableSyntax.StartOfOperand(nodes, SqlTree.Previous(nodes, concatenation - 1));
        while (SqlTree.Previous(nodes, start - 1) is var before && SqlTree.At(nodes, before)?.IsSymbol("||") == true)
        {
            start = TableSyntax.StartOfOperand(nodes, SqlTree.Previous(nodes, before - 1));
        }

        return start;
    }

    // a, a.b, f(x), f(x)[1].c, 'text', array[1]
    private static int EndOfOperand(List<SqlNode> nodes, int start)
    {
        var end = start + 1;
        while (true)
        {
            var next = SqlTree.Next(nodes, end);
            var continues = SqlTree.At(nodes, next) is SqlGroup group && (group.Open.Text == "[" || next == end)
                || SqlTree.At(nodes, next)?.IsSymbol(".") == true
                || SqlTree.At(nodes, SqlTree.Previous(nodes, next - 1))?.IsSymbol(".") == true
                || nodes[end - 1].IsSymbol("-");
            if (next >= nodes.Count || !continues)
            {
                return end;
            }

            end = next + 1;
        }
    }
}
