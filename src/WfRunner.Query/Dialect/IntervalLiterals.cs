using System.Globalization;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Dialect;

/// <summary>
/// Literals of intervals over several fields, <c>INTERVAL '1-2' YEAR TO MONTH</c> and <c>INTERVAL '2 03:04:05' DAY TO SECOND</c>, and
/// with a sign in front of the text: DuckDB has neither.
/// </summary>
internal static class IntervalLiterals
{
    // Seconds of the fields from the smallest on, as they stand between : and the blank.
    private static readonly string[] Fields = ["SECOND", "MINUTE", "HOUR", "DAY"];
    private static readonly decimal[] Seconds = [1, 60, 3600, 86_400];

    /// <summary>Reads the literal that starts at a node.</summary>
    /// <returns>Its form for DuckDB and its last node; null where there is none, or one that needs no other form.</returns>
    public static (List<SqlNode> Nodes, int Last)? Read(List<SqlNode> nodes, int at)
    {
        if (!nodes[at].IsWord("INTERVAL"))
        {
            return null;
        }

        var next = SqlTree.Next(nodes, at + 1);
        var isNegative = SqlTree.At(nodes, next)?.IsSymbol("-") == true;
        var isSigned = isNegative || SqlTree.At(nodes, next)?.IsSymbol("+") == true;
        var text = isSigned ? SqlTree.Next(nodes, next + 1) : next;
        var unit = SqlTree.Next(nodes, text + 1);
        if (SqlTree.At(nodes, text) is not SqlLeaf { Token: { Kind: SqlTokenKind.Text } value }
            || SqlTree.At(nodes, unit) is not SqlLeaf { Token: { Kind: SqlTokenKind.Word } first })
        {
            return null;
        }

        var content = SqlNames.Unquote(value.Text).Trim();
        if (isNegative)
        {
            content = content.StartsWith('-') ? content[1..] : "-" + content;
        }

        var to = SqlTree.Next(nodes, unit + 1);
        var last = SqlTree.Next(nodes, to + 1);
        if (SqlTree.At(nodes, to)?.IsWord("TO") == true && SqlTree.At(nodes, last) is SqlLeaf { Token: { Kind: SqlTokenKind.Word } end })
        {
            return (Interval(Range(content, first.Text, end.Text), nodes[at].Offset), last);
        }

        return isSigned ? (Interval((content, first.Text), nodes[at].Offset), unit) : null;
    }

    // Kept as the words of a literal, so that those who look for one find it.
    private static List<SqlNode> Interval((string Text, string Unit) value, int offset) =>
    [
        new SqlLeaf(new SqlToken(SqlTokenKind.Word, "INTERVAL", offset)),
        new SqlLeaf(new SqlToken(SqlTokenKind.WhiteSpace, " ", offset)),
        new SqlLeaf(new SqlToken(SqlTokenKind.Text, SqlNames.Literal(value.Text), offset)),
        new SqlLeaf(new SqlToken(SqlTokenKind.WhiteSpace, " ", offset)),
        new SqlLeaf(new SqlToken(SqlTokenKind.Word, value.Unit, offset)),
    ];

    private static (string Text, string Unit) Range(string text, string first, string last)
    {
        var isNegative = text.StartsWith('-');
        var parts = text.TrimStart('-', '+').Split(['-', ' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        var numbers = new List<decimal>();
        foreach (var part in parts)
        {
            numbers.Add(decimal.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(text));
        }

        var sign = isNegative ? -1 : 1;
        if (first.Equals("YEAR", StringComparison.OrdinalIgnoreCase) && numbers.Count == 2)
        {
            return (((numbers[0] * 12 + numbers[1]) * sign).ToString(CultureInfo.InvariantCulture), "MONTH");
        }

        var largest = IndexOf(first);
        var smallest = IndexOf(last);
        if (largest < 0 || smallest < 0 || numbers.Count != largest - smallest + 1)
        {
            throw Invalid(text);
        }

        var seconds = numbers.Select((n, i) => n * Seconds[largest - i]).Sum() * sign;
        return (seconds.ToString(CultureInfo.InvariantCulture), "SECOND");
    }

    private static int IndexOf(string field) => Array.FindIndex(Fields, f => f.Equals(field, StringComparison.OrdinalIgnoreCase));

    private static QueryFailedException Invalid(string text) => new($"Invalid INTERVAL literal: {text}");
}
