using System.Globalization;
using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>TD's time functions over unix seconds (operators-td 17.2 to 17.7). NULL in the time gives NULL.</summary>
internal static class TdTimeFunctions
{
    /// <summary><c>TD_DATE_TRUNC</c>.</summary>
    public static long DateTrunc(string unit, long time, string? zone)
    {
        var parsed = unit.ToLowerInvariant() switch
        {
            "second" => TdTimeUnit.Second,
            "minute" => TdTimeUnit.Minute,
            "hour" => TdTimeUnit.Hour,
            "day" => TdTimeUnit.Day,
            "week" => TdTimeUnit.Week,
            "month" => TdTimeUnit.Month,
            "quarter" => TdTimeUnit.Quarter,
            "year" => TdTimeUnit.Year,
            _ => throw new SqlFunctionException($"Invalid date unit: {unit}"),
        };
        return TdTimeUnits.Truncate(parsed, Instant.FromUnixTimeSeconds(time), TdTimeZone.Get(zone)).ToUnixTimeSeconds();
    }

    /// <summary><c>TD_TIME_ADD</c>: pure seconds, a day is 86,400 of them.</summary>
    public static long TimeAdd(long time, string duration) => time + DurationSeconds(duration);

    /// <summary><c>TD_TIME_STRING</c>.</summary>
    public static string TimeString(long time, string unit, string? zone)
    {
        var shortened = unit.EndsWith('!');
        var letter = shortened ? unit[..^1] : unit;
        if (letter.Length != 1 || TdTimeUnits.OfLetter(letter[0]) is not { } parsed)
        {
            return unit.Contains("yyyy", StringComparison.Ordinal) || unit.Contains("HH", StringComparison.Ordinal)
                ? JavaDatePattern.Get(unit).Format(time, TdTimeZone.Get(zone))
                : throw new SqlFunctionException($"Invalid time unit: {unit}");
        }

        var rules = TdTimeZone.Get(zone);
        var start = TdTimeUnits.Truncate(parsed, Instant.FromUnixTimeSeconds(time), rules).ToUnixTimeSeconds();
        var pattern = shortened ? ShortPattern(parsed) : "yyyy-MM-dd HH:mm:ssXX";
        return JavaDatePattern.Get(pattern).Format(start, rules);
    }

    /// <summary>A bound of <c>TD_TIME_RANGE</c> given as text; null when it cannot be read.</summary>
    public static long? Bound(string text, string? zone) => TdTimeText.Parse(text, TdTimeZone.Get(zone));

    private static string ShortPattern(TdTimeUnit unit) => unit switch
    {
        TdTimeUnit.Year => "yyyy",
        TdTimeUnit.Quarter or TdTimeUnit.Month => "yyyy-MM",
        TdTimeUnit.Week or TdTimeUnit.Day => "yyyy-MM-dd",
        TdTimeUnit.Hour => "yyyy-MM-dd HH",
        TdTimeUnit.Minute => "yyyy-MM-dd HH:mm",
        TdTimeUnit.Second => "yyyy-MM-dd HH:mm:ss",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    // [+-] (digits unit)+ with units w d h m s, also as words: 8week
    private static long DurationSeconds(string text)
    {
        var rest = text.AsSpan().Trim();
        var sign = 1L;
        if (rest is ['+' or '-', ..])
        {
            sign = rest[0] == '-' ? -1 : 1;
            rest = rest[1..];
        }

        var total = 0L;
        var parts = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.Length - rest.TrimStart("0123456789").Length;
            var amount = long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : throw Wrong();
            rest = rest[digits..];
            var letters = 0;
            while (letters < rest.Length && char.IsAsciiLetter(rest[letters]))
            {
                letters++;
            }

            var unit = letters == 0 ? 0 : SecondsOf(rest[..letters]);
            total += unit == 0 ? throw Wrong() : amount * unit;
            rest = rest[letters..].TrimStart();
            parts++;
        }

        return parts == 0 ? throw Wrong() : sign * total;

        SqlFunctionException Wrong() => new($"Invalid duration: {text}");
    }

    private static long SecondsOf(ReadOnlySpan<char> unit)
    {
        // "month" must not be taken for minutes
        if (unit.StartsWith("mo", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        return unit[0] switch
        {
            'w' => 604_800,
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => 0,
        };
    }
}
