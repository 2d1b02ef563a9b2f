using System.Collections.Concurrent;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace WfRunner.Query.Functions;

/// <summary>Patterns of <c>format_datetime</c> and <c>parse_datetime</c>: Joda's letters, as patterns of Noda Time (operators-td 22.5).</summary>
internal static class JodaPattern
{
    private static readonly ConcurrentDictionary<string, LocalDateTimePattern> Known = new(StringComparer.Ordinal);

    /// <summary>Prints a local time.</summary>
    /// <exception cref="SqlFunctionException">The pattern has a letter that is not supported.</exception>
    public static string Format(LocalDateTime time, string pattern) => Get(pattern).Format(time);

    /// <summary>Reads a local time.</summary>
    /// <exception cref="SqlFunctionException">The text does not follow the pattern.</exception>
    public static LocalDateTime Parse(string text, string pattern) => Get(pattern).Parse(text) is { Success: true } time
        ? time.Value
        : throw new SqlFunctionException($"Invalid format: \"{text}\" does not match '{pattern}'");

    private static LocalDateTimePattern Get(string pattern) => Known.GetOrAdd(pattern, static p =>
    {
        try
        {
            return LocalDateTimePattern.CreateWithInvariantCulture(Translate(p)).WithTemplateValue(new LocalDateTime(1970, 1, 1, 0, 0));
        }
        catch (InvalidPatternException e)
        {
            throw new SqlFunctionException($"Invalid pattern '{p}': {e.Message}");
        }
    });

    private static string Translate(string pattern)
    {
        var result = new StringBuilder();
        for (var at = 0; at < pattern.Length;)
        {
            var c = pattern[at];
            var start = at;
            if (c == '\'')
            {
                var end = pattern.IndexOf('\'', at + 1);
                end = end < 0 ? pattern.Length : end;
                Literal(result, end == at + 1 ? "'" : pattern[(at + 1)..end]);
                at = end + 1;
                continue;
            }

            while (at < pattern.Length && pattern[at] == c)
            {
                at++;
            }

            var letters = pattern[start..at];
            if (char.IsAsciiLetter(c))
            {
                result.Append(Field(c, letters.Length) ?? throw new SqlFunctionException($"the date pattern '{letters}' is not supported"));
            }
            else
            {
                Literal(result, letters);
            }
        }

        return result.ToString();
    }

    private static string? Field(char letter, int count) => letter switch
    {
        'y' or 'Y' => count == 2 ? "yy" : "uuuu",
        'M' => new string('M', Math.Min(count, 4)),
        'd' => count == 1 ? "d" : "dd",
        'E' => count < 4 ? "ddd" : "dddd",
        'H' => count == 1 ? "H" : "HH",
        'h' => count == 1 ? "h" : "hh",
        'm' => count == 1 ? "m" : "mm",
        's' => count == 1 ? "s" : "ss",
        'S' => new string('f', Math.Min(count, 9)),
        'a' => "tt",
        _ => null,
    };

    private static void Literal(StringBuilder result, string text) =>
        result.Append('"').Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
}
