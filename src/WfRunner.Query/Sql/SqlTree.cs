namespace WfRunner.Query.Sql;

/// <summary>Builds trees from tokens and finds one's way in lists of nodes.</summary>
internal static class SqlTree
{
    /// <summary>Builds the tree; brackets without a partner stay as they are, for the engine to complain.</summary>
    public static List<SqlNode> Parse(IReadOnlyList<SqlToken> tokens)
    {
        var at = 0;
        return ParseUntil(tokens, ref at, null, out _);
    }

    /// <summary>Index of the first node at or behind <paramref name="from"/> that is no trivia; the count when there is none.</summary>
    public static int Next(IReadOnlyList<SqlNode> nodes, int from)
    {
        while (from < nodes.Count && nodes[from].IsTrivia)
        {
            from++;
        }

        return from;
    }

    /// <summary>Index of the last node at or before <paramref name="from"/> that is no trivia; -1 when there is none.</summary>
    public static int Previous(IReadOnlyList<SqlNode> nodes, int from)
    {
        while (from >= 0 && nodes[from].IsTrivia)
        {
            from--;
        }

        return from;
    }

    /// <summary>The node at an index, or null outside the list.</summary>
    public static SqlNode? At(IReadOnlyList<SqlNode> nodes, int index) => index >= 0 && index < nodes.Count ? nodes[index] : null;

    /// <summary>The parts between top-level commas; none for a list without any significant node.</summary>
    public static List<List<SqlNode>> SplitAtCommas(IReadOnlyList<SqlNode> nodes)
    {
        if (Next(nodes, 0) == nodes.Count)
        {
            return [];
        }

        var parts = new List<List<SqlNode>> { new() };
        foreach (var node in nodes)
        {
            if (node.IsSymbol(","))
            {
                parts.Add([]);
            }
            else
            {
                parts[^1].Add(node);
            }
        }

        return parts;
    }

    /// <summary>The nodes that are no trivia.</summary>
    public static List<SqlNode> Significant(IReadOnlyList<SqlNode> nodes) => [.. nodes.Where(n => !n.IsTrivia)];

    private static List<SqlNode> ParseUntil(IReadOnlyList<SqlToken> tokens, ref int at, string? closer, out SqlToken? close)
    {
        var nodes = new List<SqlNode>();
        close = null;
        while (at < tokens.Count)
        {
            var token = tokens[at++];
            if (closer is not null && token.IsSymbol(closer))
            {
                close = token;
                return nodes;
            }

            nodes.Add(Closer(token) is { } own ? new SqlGroup(token, ParseUntil(tokens, ref at, own, out var end), end) : new SqlLeaf(token));
        }

        return nodes;
    }

    private static string? Closer(SqlToken token) => token.Kind != SqlTokenKind.Symbol ? null : token.Text switch
    {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        _ => null,
    };
}
