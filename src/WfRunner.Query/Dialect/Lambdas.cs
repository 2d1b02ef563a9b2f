using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Rewrites <c>x -> e</c> and <c>(a, b) -> e</c> to <c>lambda x: e</c> and <c>lambda a, b: e</c>.</summary>
internal static class Lambdas
{
    public static List<SqlNode> Rewrite(List<SqlNode> nodes)
    {
        if (!nodes.Exists(n => n.IsSymbol("->")))
        {
            return nodes;
        }

        var result = new List<SqlNode>(nodes.Count);
        foreach (var node in nodes)
        {
            if (!node.IsSymbol("->"))
            {
                result.Add(node);
                continue;
            }

            var last = SqlTree.Previous(result, result.Count - 1);
            if (last < 0)
            {
                return nodes;
            }

            var parameters = result[last] is SqlGroup group ? group.Children : [result[last]];
            result.RemoveRange(last, result.Count - last);
            result.Add(new SqlGroup(
                new SqlToken(SqlTokenKind.Generated, "lambda ", node.Offset), parameters, new SqlToken(SqlTokenKind.Generated, ":", node.Offset)));
        }

        return result;
    }

    /// <summary>The parameters and body of an argument that is a lambda.</summary>
    public static bool TryRead(List<SqlNode> argument, out List<string> parameters, out List<SqlNode> body)
    {
        var at = SqlTree.Next(argument, 0);
        if (SqlTree.At(argument, at) is SqlGroup { Open.Text: "lambda " } head)
        {
            parameters = [.. SqlTree.SplitAtCommas(head.Children).Select(p => string.Concat(SqlTree.Significant(p).OfType<SqlLeaf>().Select(l => l.Token.Text)))];
            body = argument[(at + 1)..];
            return true;
        }

        parameters = [];
        body = [];
        return false;
    }
}
