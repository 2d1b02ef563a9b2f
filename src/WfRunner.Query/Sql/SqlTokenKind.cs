namespace WfRunner.Query.Sql;

/// <summary>What a piece of SQL text is.</summary>
internal enum SqlTokenKind
{
    /// <summary>Blanks and line breaks.</summary>
    WhiteSpace,

    /// <summary><c>--</c> to the end of the line, or <c>/* */</c>.</summary>
    Comment,

    /// <summary>A keyword or an unquoted name.</summary>
    Word,

    /// <summary>A name in quotes, quotes included.</summary>
    QuotedName,

    /// <summary>A string literal, quotes included.</summary>
    Text,

    /// <summary>A numeric literal.</summary>
    Number,

    /// <summary>An operator or a punctuation mark.</summary>
    Symbol,

    /// <summary>Text made by a rewriting step, which later steps leave alone.</summary>
    Generated,
}
