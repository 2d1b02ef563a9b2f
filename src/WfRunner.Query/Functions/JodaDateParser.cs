using System.Collections.Concurrent;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace WfRunner.Query.Functions;

/// <summary>Reads times by a Joda pattern, as Presto's <c>parse_datetime</c>: years to fractions of seconds, names of months and days.</summary>
internal static class JodaDateParser
{
    private static readonly ConcurrentDictionary<string, LocalDateTimePattern> Known = new(StringComparer.Ordinal);

    /// <summary>Reads a time.</summary>
    /// <exception cref="SqlFunctionException">The pattern is not understood, or the text does not follow it.</exception>
    public static LocalDateTime Parse(string text, string pattern) => Known.GetOrAdd(pattern, Convert).Parse(text) is { Success: true, Value: var time }
        ? time
        : throw new SqlFunctionException($"Invalid format: \"{text}\" does not follow {pattern}");

    private static LocalDateTimePattern Convert(string pattern)
    {
        var converted = new StringBuilder();
        for (var at = 0; at < pattern.Length;)
        {
            var c = pattern[at];
            if (c == '\'')
            {
                var end = pattern.IndexOf('\'', at + 1);
                end = end < 0 ? pattern.Length - 1 : end;
                converted.Append(pattern, at, end - at + 1);
                at = end + 1;
                continue;
            }

            var length = 1;
            while (at + length < pattern.Length && pattern[at + length] == c)
            {
                length++;
            }

            converted.Append(Letters(c, length, pattern));
            at += length;
        }

        try
        {
            return LocalDateTimePattern.CreateWithInvariantCulture(converted.ToString());
        }
        catch (InvalidPatternException e)
        {
            throw new SqlFunctionException($"Invalid format: {pattern}: {e.Message}");
        }
    }

    private static string Letters(char c, int length, string pattern) => c switch
    {
        'y' or 'Y' or 'x' => "uuuu",
        'M' => new string('M', Math.Min(length, 4)),
        'd' => length == 1 ? "d" : "dd",
        'E' => length > 3 ? "dddd" : "ddd",
        'H' or 'k' => length == 1 ? "H" : "HH",
        'h' or 'K' => length == 1 ? "h" : "hh",
        'm' => length == 1 ? "m" : "mm",
        's' => length == 1 ? "s" : "ss",
        'S' => new string('f', Math.Min(length, 9)),
        'a' => "tt",
        _ when char.IsAsciiLetter(c) => throw new SqlFunctionException($"Invalid format: {pattern}: '{c}' is not understood in local mode"),
        '/' or ':' or '\\' or '%' => $"'{c}'",
        _ => new string(c, length),
    };
}
