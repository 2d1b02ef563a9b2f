namespace WfRunner.Query.Sql;

/// <summary>Names and literals as SQL text, and back.</summary>
internal static class SqlNames
{
    /// <summary>A name in double quotes.</summary>
    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A text literal.</summary>
    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>The name or text inside a token, without its quotes.</summary>
    public static string Unquote(string token)
    {
        if (token.Length == 0 || token[0] is not ('\'' or '"' or '`'))
        {
            return token;
        }

        var quote = token[0].ToString();
        var inside = token.Length > 1 && token[^1] == token[0] ? token[1..^1] : token[1..];
        return inside.Replace(quote + quote, quote, StringComparison.Ordinal);
    }
}
