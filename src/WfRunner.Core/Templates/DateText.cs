using System.Globalization;
using System.Text.RegularExpressions;
using Jint.Runtime;

namespace WfRunner.Core.Templates;

/// <summary>
/// Texts that <c>Date.parse</c> reads. The standard's own form is UTC unless it names an offset (ECMAScript 5.1, 15.9.1.15), days
/// up to 31 roll over into the next month and 24:00 is the next midnight; other forms are local. Digdag behaviour: recorded results.
/// </summary>
internal static partial class DateText
{
    private static readonly DefaultTimeSystem OtherForms = new(TimeZoneInfo.Utc, CultureInfo.InvariantCulture);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parsed">Milliseconds since the epoch, either an instant or a local time taken for UTC.</param>
    public static bool TryParse(string text, out (long Milliseconds, bool IsLocal) parsed)
    {
        if (Iso().Match(text) is { Success: true } iso)
        {
            return TryIso(iso, out parsed);
        }

        parsed = (0, IsLocal(text));
        return !HasMonthBeyondYear(text) && OtherForms.TryParse(text, out parsed.Milliseconds);
    }

    private static bool TryIso(Match iso, out (long Milliseconds, bool IsLocal) parsed)
    {
        var (month, day) = (Number(iso, "month", 1), Number(iso, "day", 1));
        var (hour, minute, second) = (Number(iso, "hour", 0), Number(iso, "minute", 0), Number(iso, "second", 0));
        parsed = default;
        if (month is 0 or > 12 || day is 0 or > 31 || minute > 59 || second > 59 || hour > 24 || (hour == 24 && minute + second > 0))
        {
            return false;
        }

        var days = DaysFromEpoch(int.Parse(iso.Groups["year"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), month) + day - 1;
        var seconds = (((((days * 24) + hour) * 60) + minute) * 60) + second - OffsetSeconds(iso.Groups["offset"].ValueSpan);
        parsed = ((seconds * 1000) + Milliseconds(iso.Groups["fraction"].ValueSpan), IsLocal: false);
        return true;
    }

    // Proleptic Gregorian calendar, first day of a month.
    private static long DaysFromEpoch(int year, int month)
    {
        // 400 years are the same number of days everywhere; move into the range of DateOnly.
        var cycles = Math.Floor((year - 2000) / 400.0);
        var within = new DateOnly(year - (int)(cycles * 400), month, 1).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        return within + ((long)cycles * 146_097);
    }

    private static int Number(Match match, string group, int fallback) => match.Groups[group] is { Success: true } found
        ? int.Parse(found.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
        : fallback;

    private static int Milliseconds(ReadOnlySpan<char> fraction) => fraction.Length == 0
        ? 0
        : int.Parse(string.Concat(fraction, "00")[..3], NumberStyles.None, CultureInfo.InvariantCulture);

    private static int OffsetSeconds(ReadOnlySpan<char> offset)
    {
        if (offset.Length < 2)
        {
            return 0;
        }

        var hours = int.Parse(offset[1..3], NumberStyles.None, CultureInfo.InvariantCulture);
        var minutes = int.Parse(offset[^2..], NumberStyles.None, CultureInfo.InvariantCulture);
        return (offset[0] == '-' ? -60 : 60) * ((hours * 60) + minutes);
    }

    // 30/01/2016
    private static bool HasMonthBeyondYear(string text) =>
        MonthFirst().Match(text) is { Success: true } match && Number(match, "month", 0) > 12;

    // Everything without "Z", an offset or a zone word is local, but for a date alone.
    private static bool IsLocal(string date)
    {
        var time = date.IndexOfAny(['T', ' ', ':']);
        if (time < 0)
        {
            return date.AsSpan().IndexOfAny('/', ',') >= 0;
        }

        var rest = date[time..];
        return !rest.EndsWith('Z') && !rest.Contains("GMT", StringComparison.Ordinal) && !rest.Contains("UTC", StringComparison.Ordinal)
            && rest.LastIndexOfAny(['+', '-']) <= 0;
    }

    [GeneratedRegex(
        @"^(?<year>[+-]\d{6}|\d{4})(-(?<month>\d\d)(-(?<day>\d\d))?)?(T(?<hour>\d\d):(?<minute>\d\d)(:(?<second>\d\d)([.,](?<fraction>\d{1,9}))?)?(?<offset>Z|[+-]\d\d:?\d\d)?)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Iso();

    [GeneratedRegex(@"^(?<month>\d{1,2})/\d{1,2}/\d", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex MonthFirst();
}
