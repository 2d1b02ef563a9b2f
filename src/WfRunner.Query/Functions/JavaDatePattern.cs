using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>
/// Patterns of Java's <c>SimpleDateFormat</c> with English names, as <c>TD_TIME_FORMAT</c> takes them (operators-td 17.3). Letters
/// outside quotes are fields, everything else is literal.
/// </summary>
internal sealed class JavaDatePattern
{
    private static readonly ConcurrentDictionary<string, JavaDatePattern> Known = new(StringComparer.Ordinal);

    private readonly List<(char Letter, int Count, string? Literal)> _parts;

    private JavaDatePattern(List<(char Letter, int Count, string? Literal)> parts) => _parts = parts;

    /// <summary>The pattern of a text.</summary>
    /// <exception cref="SqlFunctionException">The text has a letter that is no field.</exception>
    public static JavaDatePattern Get(string pattern) => Known.GetOrAdd(pattern, static p => new JavaDatePattern(Parse(p)));

    /// <summary>Prints a time.</summary>
    /// <param name="time">Unix seconds.</param>
    /// <param name="zone">The zone.</param>
    /// <returns>The text.</returns>
    public string Format(long time, DateTimeZone zone) => Format(Instant.FromUnixTimeSeconds(time).InZone(zone));

    /// <summary>Prints a time.</summary>
    /// <param name="at">The time.</param>
    /// <returns>The text.</returns>
    public string Format(ZonedDateTime at)
    {
        var text = new StringBuilder();
        foreach (var (letter, count, literal) in _parts)
        {
            text.Append(literal ?? Field(at, letter, count));
        }

        return text.ToString();
    }

    private static List<(char Letter, int Count, string? Literal)> Parse(string pattern)
    {
        var parts = new List<(char Letter, int Count, string? Literal)>();
        var at = 0;
        while (at < pattern.Length)
        {
            var c = pattern[at];
            if (c == '\'')
            {
                parts.Add(('\0', 0, Quoted(pattern, ref at)));
            }
            else if (char.IsAsciiLetter(c))
            {
                var start = at;
                while (at < pattern.Length && pattern[at] == c)
                {
                    at++;
                }

                parts.Add("GyYMwWDdFEuaHkKhmsSzZX".Contains(c, StringComparison.Ordinal)
                    ? (c, at - start, null)
                    : throw new SqlFunctionException($"Illegal pattern character '{c}'"));
            }
            else
            {
                parts.Add(('\0', 0, c.ToString()));
                at++;
            }
        }

        return parts;
    }

    private static string Quoted(string pattern, ref int at)
    {
        at++;
        if (at < pattern.Length && pattern[at] == '\'')
        {
            at++;
            return "'";
        }

        var text = new StringBuilder();
        for (; at < pattern.Length; at++)
        {
            if (pattern[at] != '\'')
            {
                text.Append(pattern[at]);
            }
            else if (at + 1 < pattern.Length && pattern[at + 1] == '\'')
            {
                text.Append('\'');
                at++;
            }
            else
            {
                at++;
                return text.ToString();
            }
        }

        throw new SqlFunctionException("Unterminated quote");
    }

    private static string Field(ZonedDateTime at, char letter, int count) => letter switch
    {
        'G' => at.Year > 0 ? "AD" : "BC",
        'y' => Year(at.YearOfEra, count),
        'Y' => Year(WeekYear(at.Date), count),
        'M' when count >= 4 => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(at.Month),
        'M' when count == 3 => CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(at.Month),
        'M' => Number(at.Month, count),
        'w' => Number(WeekOfYear(at.Date), count),
        'W' => Number(((at.Day + SundayFirst(new LocalDate(at.Year, at.Month, 1)) - 1) / 7) + 1, count),
        'D' => Number(at.DayOfYear, count),
        'd' => Number(at.Day, count),
        'F' => Number(((at.Day - 1) / 7) + 1, count),
        'E' => count >= 4 ? at.DayOfWeek.ToString() : at.DayOfWeek.ToString()[..3],
        'u' => Number((int)at.DayOfWeek, count),
        'a' => at.Hour < 12 ? "AM" : "PM",
        'H' => Number(at.Hour, count),
        'k' => Number(at.Hour == 0 ? 24 : at.Hour, count),
        'K' => Number(at.Hour % 12, count),
        'h' => Number(at.Hour % 12 == 0 ? 12 : at.Hour % 12, count),
        'm' => Number(at.Minute, count),
        's' => Number(at.Second, count),
        'S' => Number(at.Millisecond, count),
        'z' => ZoneName(at),
        'Z' => OffsetText(at.Offset, colon: false),
        'X' when at.Offset == Offset.Zero => "Z",
        'X' => count switch
        {
            1 => OffsetText(at.Offset, colon: false)[..3],
            2 => OffsetText(at.Offset, colon: false),
            3 => OffsetText(at.Offset, colon: true),
            _ => throw new SqlFunctionException($"invalid ISO 8601 format: length={count.ToString(CultureInfo.InvariantCulture)}"),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, null),
    };

    private static string Number(int value, int digits) => value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

    private static string Year(int year, int count) => count == 2 ? Number(year % 100, 2) : Number(year, count);

    private static int SundayFirst(LocalDate date) => (int)date.DayOfWeek % 7;

    // The US rule: weeks start on Sunday, and the week that holds 1 January is the first of the new year.
    private static int WeekYear(LocalDate date)
    {
        var saturday = date.PlusDays(6 - SundayFirst(date));
        return saturday.Year;
    }

    private static int WeekOfYear(LocalDate date) => WeekYear(date) != date.Year
        ? 1
        : ((date.DayOfYear + SundayFirst(new LocalDate(date.Year, 1, 1)) - 1) / 7) + 1;

    // TD prints JST as GMT+09:00, which is how Java names an offset; ids print the abbreviation of the season.
    private static string ZoneName(ZonedDateTime at) =>
        at.Zone.Id == "UTC" ? "UTC"
        : at.Zone.Id.StartsWith("UTC", StringComparison.Ordinal) ? "GMT" + OffsetText(at.Offset, colon: true)
        : at.GetZoneInterval().Name;

    private static string OffsetText(Offset offset, bool colon)
    {
        var minutes = Math.Abs(offset.Seconds / 60);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(offset.Seconds < 0 ? '-' : '+')}{minutes / 60:00}{(colon ? ":" : string.Empty)}{minutes % 60:00}");
    }
}
