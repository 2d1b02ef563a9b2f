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
            else
            {
                result.Add(nodes[i]);
            }
        }

        return result;
    }

    private static string? Typed(SqlNode type, string text) =>
        type.IsWord("TIMESTAMP") && HasZone(text) ? $"TIMESTAMPTZ {SqlNames.Literal(text)}"
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
