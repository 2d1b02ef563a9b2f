using System.Text;

namespace WfRunner.Operators.Sql;

/// <summary>
/// One line of a CSV file: a missing value is empty, an empty text is quoted, what holds a quote, a comma or a line break is
/// quoted, line breaks are LF. Digdag behaviour: operators-core 10.3.
/// </summary>
internal static class CsvLine
{
    public static string Of(IEnumerable<string?> values)
    {
        var line = new StringBuilder();
        var isFirst = true;
        foreach (var value in values)
        {
            line.Append(isFirst ? string.Empty : ",");
            isFirst = false;
            if (value is { Length: 0 } || value?.AsSpan().IndexOfAny("\",\r\n") >= 0)
            {
                var text = value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\"", "\"\"", StringComparison.Ordinal);
                line.Append('"').Append(text).Append('"');
            }
            else
            {
                line.Append(value);
            }
        }

        return line.Append("\r\n").ToString();
    }
}
