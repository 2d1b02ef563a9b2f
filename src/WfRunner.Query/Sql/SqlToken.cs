namespace WfRunner.Query.Sql;

/// <summary>Kinds of tokens.</summary>
public enum SqlTokenKind
{
    /// <summary>White space and line breaks.</summary>
    Space,

    /// <summary><c>-- …</c> or <c>/* … */</c>.</summary>
    Comment,

    /// <summary>A name or keyword.</summary>
    Word,

    /// <summary><c>"…"</c> or <c>`…`</c>.</summary>
    QuotedName,

    /// <summary><c>'…'</c>.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Anything else, one operator or bracket.</summary>
    Symbol,
}

/// <summary>A piece of an SQL text; the pieces of a text, joined, are the text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Exactly as written.</param>
public readonly record struct SqlToken(SqlTokenKind Kind, string Value)
{
    /// <summary>Whether it means nothing to the engine.</summary>
    public bool IsTrivia => Kind is SqlTokenKind.Space or SqlTokenKind.Comment;

    /// <summary>Whether it is a certain keyword or unquoted name.</summary>
    /// <param name="word">The word, any case.</param>
    /// <returns>Whether it is that word.</returns>
    public bool IsWord(string word) => Kind == SqlTokenKind.Word && Value.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a certain symbol.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <returns>Whether it is that symbol.</returns>
    public bool IsSymbol(string symbol) => Kind == SqlTokenKind.Symbol && Value == symbol;
}
