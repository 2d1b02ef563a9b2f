using System.Text;

namespace WfRunner.Query.Sql;

/// <summary>Helpers over token lists that rewriting passes share.</summary>
internal static class SqlScript
{
    /// <summary>The text of tokens.</summary>
    public static string Text(IEnumerable<SqlToken> tokens) => string.Concat(tokens.Select(t => t.Value));

    /// <summary>The statements of a script, without the semicolons between them; those without content are left out.</summary>
    public static IReadOnlyList<IReadOnlyList<SqlToken>> Statements(IReadOnlyList<SqlToken> tokens)
    {
        var statements = new List<IReadOnlyList<SqlToken>>();
        var current = new List<SqlToken>();
        foreach (var token in tokens)
        {
            if (token.IsSymbol(";"))
            {
                Finish();
            }
            else
            {
                current.Add(token);
            }
        }

        Finish();
        return statements;

        void Finish()
        {
            if (current.Exists(t => !t.IsTrivia))
            {
                statements.Add([.. current]);
            }

            current.Clear();
        }
    }

    /// <summary>Position of the next token that is no trivia, or -1.</summary>
    public static int NextContent(IReadOnlyList<SqlToken> tokens, int from)
    {
        for (var i = from; i < tokens.Count; i++)
        {
            if (!tokens[i].IsTrivia)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The arguments of a call whose opening parenthesis stands at a position, and the position of the closing one.</summary>
    public static (IReadOnlyList<IReadOnlyList<SqlToken>> Arguments, int Close)? Arguments(IReadOnlyList<SqlToken> tokens, int open)
    {
        var arguments = new List<IReadOnlyList<SqlToken>>();
        var current = new List<SqlToken>();
        var depth = 0;
        for (var i = open + 1; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Value is "(" or "[" or "{" && token.Kind == SqlTokenKind.Symbol)
            {
                depth++;
            }
            else if (token.Value is ")" or "]" or "}" && token.Kind == SqlTokenKind.Symbol)
            {
                if (depth-- == 0)
                {
                    if (current.Exists(t => !t.IsTrivia) || arguments.Count > 0)
                    {
                        arguments.Add(current);
                    }

                    return (arguments, i);
                }
            }
            else if (depth == 0 && token.IsSymbol(","))
            {
                arguments.Add(current);
                current = [];
                continue;
            }

            current.Add(token);
        }

        return null;
    }

    /// <summary>The text of a string literal.</summary>
    public static string Unquote(string literal)
    {
        var builder = new StringBuilder(literal.Length);
        for (var i = 1; i < literal.Length - 1; i++)
        {
            builder.Append(literal[i]);
            if (literal[i] == '\'')
            {
                i++;
            }
        }

        return builder.ToString();
    }
}
