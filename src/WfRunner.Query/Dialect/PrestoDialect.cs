using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// A way from Presto SQL to the SQL of an engine. Works on a tree of tokens: strings, comments and quoted names are never touched.
/// What an engine writes differently is its own class derived from this one.
/// </summary>
/// <param name="settings">What the rewriting depends on besides the text.</param>
internal abstract class PrestoDialect(DialectSettings settings)
{
    protected DialectSettings Settings => settings;

    /// <summary>Rewrites a text of any number of statements; those without content are left out.</summary>
    /// <exception cref="QueryFailedException">A function has no counterpart.</exception>
    public IReadOnlyList<SqlStatement> Rewrite(string sql)
    {
        var statements = new List<SqlStatement>();
        foreach (var tokens in SplitStatements(SqlTokenizer.Tokenize(sql, settings.Engine)))
        {
            var nodes = SqlTree.Parse(tokens);
            if (SqlTree.Next(nodes, 0) is var first && first < nodes.Count && !IsIgnored(nodes, first))
            {
                // Hive writes WITH in front of INSERT.
                var firstWord = nodes.Exists(n => n.IsWord("INSERT")) ? "insert"
                    : nodes[first] is SqlLeaf leaf ? leaf.Token.Text.ToLowerInvariant()
                    : "(";
                statements.Add(new SqlStatement(RewriteList(nodes, isStatement: true), firstWord, NamesIn(tokens)));
            }
        }

        return statements;
    }

    /// <summary>Whether a statement means nothing to the engine and is left out.</summary>
    /// <param name="nodes">The statement.</param>
    /// <param name="first">Its first word.</param>
    protected abstract bool IsIgnored(List<SqlNode> nodes, int first);

    /// <summary>Rewrites the nodes of a statement, or of a group within one.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="isStatement">Whether it is the whole statement.</param>
    protected abstract List<SqlNode> RewriteList(List<SqlNode> nodes, bool isStatement);

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

    // Who asks information_schema names databases in texts.
    private static HashSet<string> NamesIn(List<SqlToken> tokens)
    {
        var asksForNames = tokens.Exists(t => t.IsWord("information_schema"));
        return
        [
            .. tokens.Where(t => t.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName || (asksForNames && t.Kind == SqlTokenKind.Text))
                .Select(t => SqlNames.Unquote(t.Text).ToLowerInvariant()),
        ];
    }
}
