namespace WfRunner.Query.Sql;

/// <summary>SQL text as a tree of tokens and of groups in brackets, so that rewriting never looks at raw text.</summary>
internal abstract class SqlNode
{
    /// <summary>Where the node starts in the source.</summary>
    public abstract int Offset { get; }

    /// <summary>Whether it is white space or a comment.</summary>
    public virtual bool IsTrivia => false;

    /// <summary>Whether it is the given keyword or unquoted name.</summary>
    public bool IsWord(string word) => this is SqlLeaf leaf && leaf.Token.IsWord(word);

    /// <summary>Whether it is the given symbol.</summary>
    public bool IsSymbol(string symbol) => this is SqlLeaf leaf && leaf.Token.IsSymbol(symbol);

    /// <summary>Whether it is a token of the given kind.</summary>
    public bool Is(SqlTokenKind kind) => this is SqlLeaf leaf && leaf.Token.Kind == kind;

    /// <summary>Whether it is a group in parentheses.</summary>
    public bool IsParenthesis => this is SqlGroup { Open.Text: "(" };
}

/// <summary>A token.</summary>
internal sealed class SqlLeaf(SqlToken token) : SqlNode
{
    public SqlToken Token => token;

    public override int Offset => token.Offset;

    public override bool IsTrivia => token.IsTrivia;

    public static SqlLeaf Generated(string text, int offset) => new(new SqlToken(SqlTokenKind.Generated, text, offset));

    public static SqlLeaf Number(long value, int offset) =>
        new(new SqlToken(SqlTokenKind.Number, value.ToString(System.Globalization.CultureInfo.InvariantCulture), offset));
}

/// <summary>What stands between two brackets, with the brackets.</summary>
internal sealed class SqlGroup(SqlToken open, List<SqlNode> children, SqlToken? close) : SqlNode
{
    public SqlToken Open => open;

    public List<SqlNode> Children => children;

    public SqlToken? Close => close;

    public override int Offset => open.Offset;

    public SqlGroup With(List<SqlNode> changed) => new(open, changed, close);
}
