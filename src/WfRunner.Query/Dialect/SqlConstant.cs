using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>A literal argument: an integer, a text or NULL.</summary>
/// <param name="Integer">The integer, if it is one.</param>
/// <param name="Text">The text, if it is one.</param>
internal sealed record SqlConstant(long? Integer, string? Text)
{
    private const string BigIntPrefix = "CAST(";

    /// <summary>Whether it is NULL.</summary>
    public bool IsNull => Integer is null && Text is null;

    /// <summary>Reads an argument; null when it is no plain literal.</summary>
    public static SqlConstant? Of(IReadOnlyList<SqlNode> argument)
    {
        var nodes = SqlTree.Significant(argument);
        if (nodes.Count == 2 && nodes[0].IsSymbol("-") && Of([nodes[1]]) is { Integer: { } positive })
        {
            return new SqlConstant(-positive, null);
        }

        if (nodes.Count != 1 || nodes[0] is not SqlLeaf { Token: var token })
        {
            return null;
        }

        return token.Kind switch
        {
            SqlTokenKind.Text => new SqlConstant(null, SqlNames.Unquote(token.Text)),
            SqlTokenKind.Number when TryInteger(token.Text, out var n) => new SqlConstant(n, null),
            SqlTokenKind.Word when token.IsWord("NULL") => new SqlConstant(null, null),
            _ => null,
        };
    }

    /// <summary>A BIGINT literal that later calls recognise as a constant.</summary>
    public static List<SqlNode> BigInt(long value, int offset) =>
        [new SqlLeaf(new SqlToken(SqlTokenKind.Number, string.Create(CultureInfo.InvariantCulture, $"{BigIntPrefix}{value} AS BIGINT)"), offset))];

    private static bool TryInteger(string text, out long value)
    {
        var digits = text.StartsWith(BigIntPrefix, StringComparison.Ordinal) ? text.AsSpan(BigIntPrefix.Length, text.IndexOf(' ', StringComparison.Ordinal) - BigIntPrefix.Length) : text;
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}
