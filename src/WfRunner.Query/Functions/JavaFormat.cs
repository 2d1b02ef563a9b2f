using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace WfRunner.Query.Functions;

/// <summary>Presto's <c>format</c>: the format strings of Java over values that come as text (operators-td 22.3).</summary>
internal static partial class JavaFormat
{
    /// <summary>Fills a format string.</summary>
    /// <exception cref="SqlFunctionException">A value is missing or of the wrong kind, or the format is wrong.</exception>
    public static string Format(string format, IReadOnlyList<string?> values)
    {
        var next = 0;
        var result = new StringBuilder();
        var at = 0;
        foreach (Match match in Specifier().Matches(format))
        {
            Plain(result, format.AsSpan(at, match.Index - at));
            at = match.Index + match.Length;
            var conversion = match.Groups["conversion"].Value[0];
            var part = match.Groups["conversion"].Value[^1];
            if (conversion is '%' or 'n')
            {
                result.Append(conversion == 'n' ? '\n' : '%');
                continue;
            }

            var index = match.Groups["index"].Success ? int.Parse(match.Groups["index"].Value, CultureInfo.InvariantCulture) - 1 : next++;
            if (index < 0 || index >= values.Count)
            {
                throw new SqlFunctionException($"Format specifier '{match.Value}' has no value");
            }

            var precision = match.Groups["precision"].Success ? int.Parse(match.Groups["precision"].Value, CultureInfo.InvariantCulture) : (int?)null;
            var flags = match.Groups["flags"].Value;
            var width = match.Groups["width"].Success ? int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture) : 0;
            result.Append(Padded(Converted(match.Value, conversion, part, flags, precision, values[index]), flags, width));
        }

        Plain(result, format.AsSpan(at));
        return result.ToString();
    }

    private static void Plain(StringBuilder result, ReadOnlySpan<char> text)
    {
        if (text.Contains('%'))
        {
            throw new SqlFunctionException($"Invalid format string: {text}");
        }

        result.Append(text);
    }

    private static string Converted(string specifier, char conversion, char part, string flags, int? precision, string? value)
    {
        if (value is null)
        {
            return "null";
        }

        var invariant = CultureInfo.InvariantCulture;
        var groups = flags.Contains(',', StringComparison.Ordinal);
        var text = conversion switch
        {
            's' or 'S' => precision is { } length && length < value.Length ? value[..length] : value,
            'b' or 'B' => value,
            't' or 'T' when PrestoTime.Parse(value) is { } time && PartOfTime(part) is { } format => MySqlDateFormat.Format(time, format),
            'd' when decimal.TryParse(value, NumberStyles.AllowLeadingSign, invariant, out var integer) => integer.ToString(groups ? "#,0" : "0", invariant),
            'x' or 'X' when long.TryParse(value, NumberStyles.AllowLeadingSign, invariant, out var integer) => integer.ToString("x", invariant),
            'o' when long.TryParse(value, NumberStyles.AllowLeadingSign, invariant, out var integer) => Convert.ToString(integer, 8),
            'f' when decimal.TryParse(value, NumberStyles.Float, invariant, out var number) =>
                number.ToString((groups ? "#,0." : "0.") + new string('0', precision ?? 6), invariant).TrimEnd('.'),
            'e' or 'E' when double.TryParse(value, NumberStyles.Float, invariant, out var number) =>
                number.ToString("0." + new string('0', precision ?? 6) + "e+00", invariant),
            _ => throw new SqlFunctionException($"Format specifier '{specifier}' does not take the value {value}"),
        };
        text = flags.Contains('+', StringComparison.Ordinal) && conversion is 'd' or 'f' && !text.StartsWith('-') ? "+" + text : text;
        return char.IsAsciiLetterUpper(conversion) ? text.ToUpperInvariant() : text;
    }

    // Parts of dates and times in the words of date_format.
    private static string? PartOfTime(char part) => part switch
    {
        'F' => "%Y-%m-%d",
        'D' => "%m/%d/%y",
        'R' => "%H:%i",
        'T' or 'r' or 'Y' or 'y' or 'm' or 'd' or 'e' or 'j' or 'b' or 'a' or 'H' or 'k' or 'I' or 'l' or 'S' or 'p' => $"%{part}",
        'h' => "%b",
        'B' => "%M",
        'A' => "%W",
        'M' => "%i",
        'L' => "%f",
        _ => null,
    };

    private static string Padded(string text, string flags, int width)
    {
        if (flags.Contains('-', StringComparison.Ordinal))
        {
            return text.PadRight(width);
        }

        if (!flags.Contains('0', StringComparison.Ordinal))
        {
            return text.PadLeft(width);
        }

        var sign = text.StartsWith('-') || text.StartsWith('+') ? text[..1] : string.Empty;
        return sign + text[sign.Length..].PadLeft(width - sign.Length, '0');
    }

    [GeneratedRegex(@"%((?<index>[0-9]{1,4})\$)?(?<flags>[-#+ 0,(]*)(?<width>[0-9]{1,4})?(\.(?<precision>[0-9]{1,3}))?(?<conversion>[tT][a-zA-Z]|[a-su-zA-SU-Z%])")]
    private static partial Regex Specifier();
}
