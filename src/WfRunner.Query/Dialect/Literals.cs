using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>Typed literals that mean something else to DuckDB (operators-td 21).</summary>
internal static class Literals
{
    public static List<SqlNode> Rewrite(List<SqlNode> nodes)
    {
        var result = new List<SqlNode>(nodes.Count);
        for (var i = 0; i < nodes.Count; i++)
        {
            var text = SqlTree.Next(nodes, i + 1);
            if (SqlTree.At(nodes, text) is SqlLeaf { Token: { Kind: SqlTokenKind.Text } token } && Typed(nodes[i], SqlNames.Unquote(token.Text)) is { } typed)
            {
                result.Add(SqlLeaf.Generated(typed, nodes[i].Offset));
                i = text;
            }
            else if (ByteOrCharacterLiteral(nodes, i) is var (literal, end))
            {
                result.Add(SqlLeaf.Generated(literal, nodes[i].Offset));
                i = end;
            }
            else if (IntervalLiterals.Read(nodes, i) is var (interval, last))
            {
                result.AddRange(interval);
                i = last;
            }
            else
            {
                result.Add(nodes[i]);
            }
        }

        return result;
    }

    // X'65' and U&'\65E5', written without a blank.
    private static (string Text, int End)? ByteOrCharacterLiteral(List<SqlNode> nodes, int i)
    {
        if (nodes[i].IsWord("X") && SqlTree.At(nodes, i + 1) is SqlLeaf { Token: { Kind: SqlTokenKind.Text } bytes })
        {
            return ($"unhex({string.Concat(bytes.Text.Where(c => !char.IsWhiteSpace(c)))})", i + 1);
        }

        if (!nodes[i].IsWord("U") || SqlTree.At(nodes, i + 1)?.IsSymbol("&") != true
            || SqlTree.At(nodes, i + 2) is not SqlLeaf { Token: { Kind: SqlTokenKind.Text } text })
        {
            return null;
        }

        var word = SqlTree.Next(nodes, i + 3);
        var escape = SqlTree.Next(nodes, word + 1);
        return SqlTree.At(nodes, word)?.IsWord("UESCAPE") == true && SqlTree.At(nodes, escape) is SqlLeaf { Token: { Kind: SqlTokenKind.Text } sign }
            ? (SqlNames.Literal(Decoded(SqlNames.Unquote(text.Text), SqlNames.Unquote(sign.Text)[0])), escape)
            : (SqlNames.Literal(Decoded(SqlNames.Unquote(text.Text), '\\')), i + 2);
    }

    // \XXXX, \+XXXXXX, \\
    private static string Decoded(string text, char escape)
    {
        var result = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var start = i + 1 < text.Length && text[i + 1] == '+' ? i + 2 : i + 1;
            var length = start == i + 2 ? 6 : 4;
            if (text[i] != escape)
            {
                result.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == escape)
            {
                result.Append(text[++i]);
            }
            else if (start + length <= text.Length && int.TryParse(text.AsSpan(start, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                && System.Text.Rune.IsValid(code))
            {
                result.Append(new System.Text.Rune(code));
                i = start + length - 1;
            }
            else
            {
                throw new QueryFailedException($"Invalid escape sequence in U&'{text}'");
            }
        }

        return result.ToString();
    }

    private static string? Typed(SqlNode type, string text) =>
        type.IsWord("TIMESTAMP") && HasZone(text) ? $"TIMESTAMPTZ {SqlNames.Literal(WithoutBlankBeforeOffset(text))}"
        : type.IsWord("DECIMAL") ? Decimal(text)
        : null;

    /// <summary>Whether the text of a literal such as <c>'2020-01-01 00:00:00 Asia/Tokyo'</c> ends with a zone.</summary>
    public static bool HasZone(SqlToken literal) => HasZone(SqlNames.Unquote(literal.Text));

    private static bool HasZone(string text)
    {
        var rest = text.AsSpan().Trim();
        var blank = rest.IndexOfAny(' ', 'T');
        return blank >= 0 && rest[(blank + 1)..].TrimStart("0123456789:. ").Length > 0;
    }

    // '2020-01-01 00:00:00 +09:00': DuckDB wants the offset at once.
    private static string WithoutBlankBeforeOffset(string text) => text.LastIndexOfAny(['+', '-']) is var sign and > 11 && text[sign - 1] == ' '
        ? text[..sign].TrimEnd() + text[sign..]
        : text;

    // DuckDB gives every DECIMAL literal 18 digits with 3 behind the point; Presto those it has.
    private static string? Decimal(string text)
    {
        var digits = text.AsSpan().Trim().TrimStart("+-");
        var point = digits.IndexOf('.');
        var scale = point < 0 ? 0 : digits.Length - point - 1;
        var precision = digits.Length - (point < 0 ? 0 : 1);
        return digits.TrimStart("0123456789.").IsEmpty && precision is > 0 and <= 38
            ? string.Create(CultureInfo.InvariantCulture, $"CAST({SqlNames.Literal(text.Trim())} AS DECIMAL({precision},{scale}))")
            : null;
    }
}
