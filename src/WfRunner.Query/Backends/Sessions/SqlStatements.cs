using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>
/// Splits a text in an engine's own SQL at its semicolons, outside of strings, names, comments and PostgreSQL's dollar quotes, and leaves
/// it as it is otherwise.
/// </summary>
internal static class SqlStatements
{
    /// <summary>Whether a text has dollar quotes, which only PostgreSQL's own SQL knows.</summary>
    public static bool HasDollarQuotes(string query) =>
        SqlTokenizer.Tokenize(query, QueryEngine.Presto).Exists(token => DollarTag(query, token) is not null);

    public static IReadOnlyList<SqlText> Split(string query)
    {
        var statements = new List<SqlText>();
        var start = -1;
        var end = 0;
        string? dollarQuote = null;
        foreach (var token in SqlTokenizer.Tokenize(query, QueryEngine.Presto))
        {
            if (DollarTag(query, token) is { } tag && (dollarQuote is null || dollarQuote == tag))
            {
                dollarQuote = dollarQuote is null ? tag : null;
            }

            if (dollarQuote is null && token.IsSymbol(";"))
            {
                Add();
                start = -1;
            }
            else if (token.Kind is not (SqlTokenKind.WhiteSpace or SqlTokenKind.Comment))
            {
                start = start < 0 ? token.Offset : start;
                end = token.Offset + token.Text.Length;
            }
        }

        Add();
        return statements;

        void Add()
        {
            if (start >= 0)
            {
                var offset = start;
                statements.Add(new SqlText(query[start..end], at => offset + at));
            }
        }
    }

    // "$$" or "$tag$" that starts at a token.
    private static string? DollarTag(string query, SqlToken token)
    {
        if (query[token.Offset] != '$')
        {
            return null;
        }

        var close = query.IndexOf('$', token.Offset + 1);
        return close > 0 && query.AsSpan(token.Offset + 1, close - token.Offset - 1).IndexOfAnyExcept(Letters) < 0
            ? query[token.Offset..(close + 1)]
            : null;
    }

    private static readonly System.Buffers.SearchValues<char> Letters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
}
