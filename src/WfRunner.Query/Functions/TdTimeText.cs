using System.Globalization;
using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>Times written as text, as TD's functions read them (operators-td 16.3). Wrong text is NULL, never an error.</summary>
internal static class TdTimeText
{
    private const int UnixSecondsDigits = 9;

    /// <summary>Reads a time.</summary>
    /// <param name="text">Date, time of day and zone; the latter two optional.</param>
    /// <param name="zone">The zone where the text names none.</param>
    /// <returns>Unix seconds, rounded down; null when the text is no time.</returns>
    public static long? Parse(string text, DateTimeZone zone)
    {
        var rest = text.AsSpan().Trim();
        if (rest.Length > 0 && rest.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            return rest.Length >= UnixSecondsDigits && long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? seconds
                : null;
        }

        if (!TryDate(ref rest, out var date))
        {
            return null;
        }

        var time = LocalTime.Midnight;
        if (HasTime(rest) && !TryTime(ref rest, out time))
        {
            return null;
        }

        if (rest.Trim() is { Length: > 0 } zoneText)
        {
            if (TdTimeZone.Find(zoneText.ToString()) is not { } own)
            {
                return null;
            }

            zone = own;
        }

        return (date + time).InZoneLeniently(zone).ToInstant().ToUnixTimeSeconds();
    }

    /// <summary>Whether the text is a date without a time of day.</summary>
    public static bool IsDateOnly(string text)
    {
        var rest = text.AsSpan().Trim();
        return TryDate(ref rest, out _) && !HasTime(rest);
    }

    private static bool TryDate(ref ReadOnlySpan<char> rest, out LocalDate date)
    {
        date = default;
        if (rest.Length < 8 || !TryNumber(ref rest, 4, 4, out var year) || rest[0] is not ('-' or '/'))
        {
            return false;
        }

        var separator = rest[0];
        rest = rest[1..];
        if (!TryNumber(ref rest, 1, 2, out var month) || rest.IsEmpty || rest[0] != separator)
        {
            return false;
        }

        rest = rest[1..];
        if (!TryNumber(ref rest, 1, 2, out var day) || year == 0 || month is 0 or > 12 || day == 0
            || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return false;
        }

        date = new LocalDate(year, month, day);
        return true;
    }

    private static bool HasTime(ReadOnlySpan<char> rest) =>
        rest is ['T', var afterT, ..] ? char.IsAsciiDigit(afterT) : rest is [' ', ..] && rest.TrimStart() is [var first, ..] && char.IsAsciiDigit(first);

    private static bool TryTime(ref ReadOnlySpan<char> rest, out LocalTime time)
    {
        time = default;
        rest = rest[0] == 'T' ? rest[1..] : rest.TrimStart();
        if (!TryNumber(ref rest, 1, 2, out var hour) || rest.IsEmpty || rest[0] != ':')
        {
            return false;
        }

        rest = rest[1..];
        if (!TryNumber(ref rest, 2, 2, out var minute))
        {
            return false;
        }

        var second = 0;
        if (rest is [':', ..])
        {
            rest = rest[1..];
            if (!TryNumber(ref rest, 2, 2, out second))
            {
                return false;
            }

            if (rest is ['.', ..])
            {
                rest = rest[1..].TrimStart("0123456789");
            }
        }

        if (hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        time = new LocalTime(hour, minute, second);
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<char> rest, int least, int most, out int number)
    {
        var length = 0;
        number = 0;
        while (length < rest.Length && length < most && char.IsAsciiDigit(rest[length]))
        {
            number = (number * 10) + rest[length] - '0';
            length++;
        }

        rest = rest[length..];
        return length >= least;
    }
}
