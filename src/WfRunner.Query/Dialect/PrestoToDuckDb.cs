using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Turns Presto SQL with TD functions into SQL that DuckDB runs with the same meaning (operators-td 21 to 23). What only has
/// another name is a macro (Backends/DuckDb); here is what needs another shape. Works on a tree of tokens, from the inside out:
/// strings, comments and quoted names are never touched.
/// </summary>
internal sealed class PrestoToDuckDb
{
    private readonly DialectSettings _settings;
    private readonly CallRewriter _calls;

    public PrestoToDuckDb(DialectSettings settings)
    {
        _settings = settings;
        _calls = new CallRewriter(settings);
    }

    /// <summary>Rewrites a text of any number of statements; those without content are left out.</summary>
    public IReadOnlyList<SqlStatement> Rewrite(string sql)
    {
        var statements = new List<SqlStatement>();
        foreach (var tokens in SplitStatements(SqlTokenizer.Tokenize(sql, _settings.Engine)))
        {
            var nodes = SqlTree.Parse(tokens);
            if (SqlTree.Next(nodes, 0) is var first && first < nodes.Count && !IsIgnored(nodes, first))
            {
                var firstWord = nodes[first] is SqlLeaf leaf ? leaf.Token.Text.ToLowerInvariant() : "(";
                statements.Add(new SqlStatement(RewriteList(nodes, isStatement: true), firstWord, NamesIn(tokens)));
            }
        }

        return statements;
    }

    private static IEnumerable<List<SqlToken>> SplitStatements(List<SqlToken> tokens)
    {
        var current = new List<SqlToken>();
        foreach (var token in tokens)
        {
            if (token.IsSymbol(";"))
            {
                yield return current;
                current = [];
            }
            else
            {
                current.Add(token);
            }
        }

        yield return current;
    }

    // SET SESSION k = v tunes the remote engine only; Hive's SET k=v likewise.
    private bool IsIgnored(List<SqlNode> nodes, int first) => nodes[first].IsWord("SET")
        && (_settings.Engine == QueryEngine.Hive || SqlTree.At(nodes, SqlTree.Next(nodes, first + 1))?.IsWord("SESSION") == true);

    private static HashSet<string> NamesIn(List<SqlToken> tokens) =>
    [
        .. tokens.Where(t => t.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName)
            .Select(t => SqlNames.Unquote(t.Text).ToLowerInvariant()),
    ];

    private List<SqlNode> RewriteList(List<SqlNode> nodes, bool isStatement)
    {
        if (_settings.Engine == QueryEngine.Hive)
        {
            nodes = HiveSyntax.Rewrite(nodes);
        }

        nodes = ReservedNames.Quote(nodes, isStatement);
        nodes = ColumnNames.NameUnnamed(nodes);
        nodes = [.. nodes.Select(n => n is SqlGroup group ? group.With(RewriteList(group.Children, isStatement: false)) : n)];
        nodes = Lambdas.Rewrite(nodes);
        nodes = Literals.Rewrite(nodes);
        nodes = _calls.Rewrite(nodes);
        nodes = TableSyntax.Rewrite(nodes, _settings.UnnestsRows);
        return isStatement ? StatementSyntax.Rewrite(nodes) : nodes;
    }
}
