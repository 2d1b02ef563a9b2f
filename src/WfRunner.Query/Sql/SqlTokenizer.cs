namespace WfRunner.Query.Sql;

/// <summary>
/// Takes SQL apart so that rewriting never touches texts, quoted names or comments. Every character ends up in a token:
/// joining the tokens gives the text back. Unfinished texts and comments reach to the end; the engine will complain.
/// </summary>
public static class SqlTokenizer
{
    private static readonly string[] LongSymbols = ["->>", "<>", "!=", ">=", "<=", "||", "->", "::", "=>"];

    /// <summary>Takes a text apart.</summary>
    /// <param name="sql">Any text.</param>
    /// <returns>The tokens in order.</returns>
    public static IReadOnlyList<SqlToken> Tokenize(string sql)
    {
        ArgumentNullException.ThrowIfNull(sql);
        var tokens = new List<SqlToken>();
        for (var at = 0; at < sql.Length;)
        {
            var (kind, length) = Next(sql, at);
            tokens.Add(new SqlToken(kind, sql.Substring(at, length)));
            at += length;
        }

        return tokens;
    }

    private static (SqlTokenKind Kind, int Length) Next(string sql, int at)
    {
        var c = sql[at];
        var next = at + 1 < sql.Length ? sql[at + 1] : '\0';
        return c switch
        {
            _ when char.IsWhiteSpace(c) => (SqlTokenKind.Space, Run(sql, at, char.IsWhiteSpace)),
            '-' when next == '-' => (SqlTokenKind.Comment, Until(sql, at, "\n", 0)),
            '/' when next == '*' => (SqlTokenKind.Comment, Until(sql, at + 2, "*/", 2) + 2),
            '\'' => (SqlTokenKind.Text, Quoted(sql, at, '\'')),
            '"' or '`' => (SqlTokenKind.QuotedName, Quoted(sql, at, c)),
            >= '0' and <= '9' => (SqlTokenKind.Number, Number(sql, at)),
            '.' when char.IsAsciiDigit(next) => (SqlTokenKind.Number, Number(sql, at)),
            _ when IsWordStart(c) => (SqlTokenKind.Word, Run(sql, at, IsWordPart)),
            _ => (SqlTokenKind.Symbol, Array.Find(LongSymbols, s => string.CompareOrdinal(sql, at, s, 0, s.Length) == 0)?.Length ?? 1),
        };
    }

    private static bool IsWordStart(char c) => char.IsLetter(c) || c is '_' or '@' or '$';

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c is '_' or '@' or '$';

    private static int Run(string sql, int at, Func<char, bool> belongs)
    {
        var end = at;
        while (end < sql.Length && belongs(sql[end]))
        {
            end++;
        }

        return end - at;
    }

    private static int Until(string sql, int at, string end, int endLength)
    {
        var found = at < sql.Length ? sql.IndexOf(end, at, StringComparison.Ordinal) : -1;
        return (found < 0 ? sql.Length : found + endLength) - at;
    }

    // A doubled quotation mark stands for itself.
    private static int Quoted(string sql, int at, char quote)
    {
        for (var i = at + 1; i < sql.Length; i++)
        {
            if (sql[i] != quote)
            {
                continue;
            }

            if (i + 1 < sql.Length && sql[i + 1] == quote)
            {
                i++;
                continue;
            }

            return i + 1 - at;
        }

        return sql.Length - at;
    }

    private static int Number(string sql, int at)
    {
        var end = at + Run(sql, at, c => char.IsAsciiDigit(c) || c is '.' or '_');
        if (end < sql.Length && sql[end] is 'e' or 'E')
        {
            var exponent = end + 1 < sql.Length && sql[end + 1] is '+' or '-' ? end + 2 : end + 1;
            var digits = exponent < sql.Length ? Run(sql, exponent, char.IsAsciiDigit) : 0;
            end = digits > 0 ? exponent + digits : end;
        }

        return end - at;
    }
}
