namespace WfRunner.Query.Sql;

/// <summary>
/// Takes SQL text apart. Never fails and loses nothing: an unfinished literal or comment reaches to the end of the text, and the
/// engine then says what is wrong with it.
/// </summary>
internal static class SqlTokenizer
{
    private static readonly string[] Operators = ["->>", "->", "=>", "<>", "!=", "<=", ">=", "||", "::", "=="];

    /// <summary>Takes a text apart.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="engine">In Hive <c>"</c> encloses strings with backslash escapes, elsewhere names.</param>
    /// <returns>The tokens in order.</returns>
    public static List<SqlToken> Tokenize(string sql, QueryEngine engine = QueryEngine.Presto)
    {
        var tokens = new List<SqlToken>();
        var at = 0;
        while (at < sql.Length)
        {
            var (kind, end) = Next(sql, at, engine);
            tokens.Add(new SqlToken(kind, sql[at..end], at));
            at = end;
        }

        return tokens;
    }

    private static (SqlTokenKind Kind, int End) Next(string sql, int at, QueryEngine engine)
    {
        var c = sql[at];
        var following = at + 1 < sql.Length ? sql[at + 1] : '\0';
        return c switch
        {
            _ when IsBlank(c) => (SqlTokenKind.WhiteSpace, EndOfRun(sql, at, IsBlank)),
            '-' when following == '-' => (SqlTokenKind.Comment, EndOfLine(sql, at)),
            '/' when following == '*' => (SqlTokenKind.Comment, EndOfBlock(sql, at)),
            '\'' => (SqlTokenKind.Text, EndOfQuoted(sql, at, backslash: engine == QueryEngine.Hive)),
            '"' when engine == QueryEngine.Hive => (SqlTokenKind.Text, EndOfQuoted(sql, at, backslash: true)),
            '"' or '`' => (SqlTokenKind.QuotedName, EndOfQuoted(sql, at, backslash: false)),
            _ when char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(following)) => (SqlTokenKind.Number, EndOfNumber(sql, at)),
            _ when IsNameStart(c) => (SqlTokenKind.Word, EndOfRun(sql, at, IsNamePart)),
            _ => (SqlTokenKind.Symbol, EndOfSymbol(sql, at)),
        };
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c == '\uFEFF';

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_' || char.IsSurrogate(c);

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsDigit(c) || c == '$' || char.GetUnicodeCategory(c) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private static int EndOfRun(string sql, int at, Func<char, bool> belongs)
    {
        while (at < sql.Length && belongs(sql[at]))
        {
            at++;
        }

        return at;
    }

    private static int EndOfLine(string sql, int at)
    {
        var end = sql.AsSpan(at).IndexOfAny('\r', '\n');
        return end < 0 ? sql.Length : at + end;
    }

    private static int EndOfBlock(string sql, int at)
    {
        var end = sql.IndexOf("*/", at + 2, StringComparison.Ordinal);
        return end < 0 ? sql.Length : end + 2;
    }

    private static int EndOfQuoted(string sql, int at, bool backslash)
    {
        var quote = sql[at];
        for (var i = at + 1; i < sql.Length; i++)
        {
            if (backslash && sql[i] == '\\')
            {
                i++;
            }
            else if (sql[i] == quote)
            {
                if (i + 1 < sql.Length && sql[i + 1] == quote)
                {
                    i++;
                }
                else
                {
                    return i + 1;
                }
            }
        }

        return sql.Length;
    }

    private static int EndOfNumber(string sql, int at)
    {
        at = EndOfRun(sql, at, char.IsAsciiDigit);
        if (at < sql.Length && sql[at] == '.')
        {
            at = EndOfRun(sql, at + 1, char.IsAsciiDigit);
        }

        if (at < sql.Length && sql[at] is 'e' or 'E')
        {
            var exponent = at + 1;
            if (exponent < sql.Length && sql[exponent] is '+' or '-')
            {
                exponent++;
            }

            if (exponent < sql.Length && char.IsAsciiDigit(sql[exponent]))
            {
                at = EndOfRun(sql, exponent, char.IsAsciiDigit);
            }
        }

        return at;
    }

    private static int EndOfSymbol(string sql, int at)
    {
        foreach (var symbol in Operators)
        {
            if (string.CompareOrdinal(sql, at, symbol, 0, symbol.Length) == 0)
            {
                return at + symbol.Length;
            }
        }

        return at + 1;
    }
}
