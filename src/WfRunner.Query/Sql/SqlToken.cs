namespace WfRunner.Query.Sql;

/// <summary>One piece of SQL text. The texts of all tokens of a source, joined, are the source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The piece as written.</param>
/// <param name="Offset">Where it starts in the source, in UTF-16 units.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Offset)
{
    /// <summary>Whether it is only white space or a comment.</summary>
    public bool IsTrivia => Kind is SqlTokenKind.WhiteSpace or SqlTokenKind.Comment;

    /// <summary>Whether it is the given keyword or unquoted name, in any case.</summary>
    public bool IsWord(string word) => Kind == SqlTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is the given symbol.</summary>
    public bool IsSymbol(string symbol) => Kind == SqlTokenKind.Symbol && Text == symbol;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Text}";
}
