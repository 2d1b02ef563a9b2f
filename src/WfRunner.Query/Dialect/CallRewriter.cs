using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Finds function calls and gives those with a rule their new shape. A new function is one line in a table.</summary>
internal sealed class CallRewriter
{
    // Made for each query, so not worth freezing.
    private readonly Dictionary<string, Func<SqlCall, List<SqlNode>?>> _rules = new(StringComparer.Ordinal);
    private readonly Func<string, bool>? _isUnknown;
    private readonly string _engine;

    /// <summary>Collects the rules of a dialect.</summary>
    /// <param name="register">Adds rules by the function's name in lower case; a rule gives null to leave the call as it is.</param>
    /// <param name="isUnknown">Tells the functions without a rule that the engine cannot have.</param>
    /// <param name="engine">What the engine is called in the error about them.</param>
    public CallRewriter(
        Action<Dictionary<string, Func<SqlCall, List<SqlNode>?>>> register, Func<string, bool>? isUnknown = null, string engine = "")
    {
        _isUnknown = isUnknown;
        _engine = engine;
        register(_rules);
    }

    public List<SqlNode> Rewrite(List<SqlNode> nodes)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var call = ReadCall(nodes, i, out var end, out var clauseEnd);
            if (call is not null && Apply(call) is { } changed)
            {
                result.AddRange(AsOperand(changed));
                i = (call.TakesClause ? clauseEnd : end) - 1;
            }
            else
            {
                result.Add(nodes[i]);
            }
        }

        return result;
    }

    // What a template has made must stay together for those who look for the start of an operand.
    private static List<SqlNode> AsOperand(List<SqlNode> nodes) => nodes.Count > 1 && nodes[^1] is not SqlGroup
        ? [new SqlGroup(new SqlToken(SqlTokenKind.Generated, string.Empty, nodes[0].Offset), nodes, null)]
        : nodes;

    private List<SqlNode>? Apply(SqlCall call) =>
        _rules.TryGetValue(call.Name, out var rule) ? rule(call)
        : _isUnknown?.Invoke(call.Name) != true ? null
        : throw new QueryFailedException($"{_engine} has no function like {call.Name.ToUpperInvariant()}");

    private static SqlCall? ReadCall(List<SqlNode> nodes, int at, out int end, out int clauseEnd)
    {
        end = clauseEnd = at;
        var open = SqlTree.Next(nodes, at + 1);
        if (nodes[at] is not SqlLeaf { Token: { Kind: SqlTokenKind.Word } name }
            || SqlTree.At(nodes, open) is not SqlGroup { Open.Text: "(" } group
            || IsFilterClause(name, group))
        {
            return null;
        }

        end = clauseEnd = open + 1;
        var filter = Clause(nodes, ref clauseEnd, "FILTER");
        var over = filter is null ? Clause(nodes, ref clauseEnd, "OVER") : null;
        return new SqlCall(name.Text.ToLowerInvariant(), Arguments(group), group, name.Offset, filter, over);
    }

    // Blanks behind a comma are not needed; those behind a comment may end it.
    private static List<List<SqlNode>> Arguments(SqlGroup group) =>
        SqlTree.SplitAtCommas(group.Children).ConvertAll(a => a.SkipWhile(n => n.Is(SqlTokenKind.WhiteSpace)).ToList());

    private static bool IsFilterClause(SqlToken name, SqlGroup group) =>
        name.IsWord("FILTER") && SqlTree.At(group.Children, SqlTree.Next(group.Children, 0))?.IsWord("WHERE") == true;

    private static SqlGroup? Clause(List<SqlNode> nodes, ref int at, string word)
    {
        var keyword = SqlTree.Next(nodes, at);
        if (SqlTree.At(nodes, keyword)?.IsWord(word) == true
            && SqlTree.Next(nodes, keyword + 1) is var open && SqlTree.At(nodes, open) is SqlGroup { Open.Text: "(" } group)
        {
            at = open + 1;
            return group;
        }

        return null;
    }
}
