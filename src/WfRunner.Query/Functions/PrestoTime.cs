using NodaTime;
using NodaTime.Calendars;
using NodaTime.Text;

namespace WfRunner.Query.Functions;

/// <summary>Times as texts in Presto's spelling, for engines without a type for them: <c>2024-03-13 04:05:06.000</c>.</summary>
internal static class PrestoTime
{
    private static readonly LocalDateTimePattern Full = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd' 'HH:mm:ss.fff");
    private static readonly LocalDateTimePattern Seconds = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd' 'HH:mm:ss.FFFFFFFFF");
    private static readonly LocalDateTimePattern Minutes = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd' 'HH:mm");
    private static readonly LocalDatePattern Date = LocalDatePattern.CreateWithInvariantCulture("uuuu-MM-dd");

    /// <summary>Whether a text is a date without a time of day.</summary>
    public static bool IsDate(string text) => text.Trim().Length == 10;

    /// <summary>Reads a date, or a date and time; a zone behind it is left out.</summary>
    public static LocalDateTime? Parse(string text)
    {
        var trimmed = text.Trim();
        trimmed = trimmed.Length > 10 && trimmed[10] == 'T' ? trimmed[..10] + " " + trimmed[11..].TrimEnd('Z') : trimmed;
        var zone = trimmed.Length > 11 ? trimmed.IndexOfAny([' ', '+'], 11) : -1;
        trimmed = zone < 0 ? trimmed : trimmed[..zone];
        return Date.Parse(trimmed) is { Success: true } date ? date.Value.AtMidnight()
            : Seconds.Parse(trimmed) is { Success: true } seconds ? seconds.Value
            : Minutes.Parse(trimmed) is { Success: true } minutes ? minutes.Value
            : null;
    }

    /// <summary><c>from_iso8601_date</c>: a calendar date, a week or an ordinal date, as <c>2020-05-11</c>.</summary>
    /// <exception cref="SqlFunctionException">The text is none of these.</exception>
    public static string IsoDate(string text)
    {
        var parts = text.Trim().Split('-');
        try
        {
            return Date.Format(parts switch
            {
                [var y] => new LocalDate(Number(y), 1, 1),
                [var y, ['W', .. var w]] => WeekYearRules.Iso.GetLocalDate(Number(y), Number(w), IsoDayOfWeek.Monday),
                [var y, ['W', .. var w], var d] => WeekYearRules.Iso.GetLocalDate(Number(y), Number(w), (IsoDayOfWeek)Number(d)),
                [var y, { Length: 3 } day] => new LocalDate(Number(y), 1, 1).PlusDays(Number(day) - 1),
                [var y, var m] => new LocalDate(Number(y), Number(m), 1),
                [var y, var m, var d] => new LocalDate(Number(y), Number(m), Number(d)),
                _ => throw new SqlFunctionException($"Invalid format: \"{text}\""),
            });
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new SqlFunctionException($"Invalid format: \"{text}\"");
        }

        static int Number(string digits) => int.Parse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Prints a time with its milliseconds.</summary>
    public static string Format(LocalDateTime time) => Full.Format(time);

    /// <summary>Prints a date.</summary>
    public static string FormatDate(LocalDateTime time) => Date.Format(time.Date);

    /// <summary>The start of the unit that a time is in.</summary>
    /// <exception cref="SqlFunctionException">There is no such unit.</exception>
    public static LocalDateTime Truncate(string unit, LocalDateTime time) => unit.ToLowerInvariant() switch
    {
        "millisecond" => time.PlusNanoseconds(-(time.NanosecondOfSecond % 1_000_000)),
        "second" => time.PlusNanoseconds(-time.NanosecondOfSecond),
        "minute" => time.Date.At(new LocalTime(time.Hour, time.Minute)),
        "hour" => time.Date.At(new LocalTime(time.Hour, 0)),
        "day" => time.Date.AtMidnight(),
        "week" => time.Date.PlusDays(1 - (int)time.DayOfWeek).AtMidnight(),
        "month" => new LocalDate(time.Year, time.Month, 1).AtMidnight(),
        "quarter" => new LocalDate(time.Year, ((time.Month - 1) / 3 * 3) + 1, 1).AtMidnight(),
        "year" => new LocalDate(time.Year, 1, 1).AtMidnight(),
        _ => throw Unknown(unit),
    };

    /// <summary>A time so many units later; the end of a month is clamped.</summary>
    /// <exception cref="SqlFunctionException">There is no such unit.</exception>
    public static LocalDateTime Add(string unit, long count, LocalDateTime time) => unit.ToLowerInvariant() switch
    {
        "millisecond" => time.PlusMilliseconds(count),
        "second" => time.PlusSeconds(count),
        "minute" => time.PlusMinutes(count),
        "hour" => time.PlusHours(count),
        "day" => time.PlusDays(checked((int)count)),
        "week" => time.PlusWeeks(checked((int)count)),
        "month" => time.PlusMonths(checked((int)count)),
        "quarter" => time.PlusMonths(checked((int)count * 3)),
        "year" => time.PlusYears(checked((int)count)),
        _ => throw Unknown(unit),
    };

    /// <summary>The whole units from one time to another.</summary>
    /// <exception cref="SqlFunctionException">There is no such unit.</exception>
    public static long Between(string unit, LocalDateTime from, LocalDateTime to) => unit.ToLowerInvariant() switch
    {
        "millisecond" => Period.Between(from, to, PeriodUnits.Milliseconds).Milliseconds,
        "second" => Period.Between(from, to, PeriodUnits.Seconds).Seconds,
        "minute" => Period.Between(from, to, PeriodUnits.Minutes).Minutes,
        "hour" => Period.Between(from, to, PeriodUnits.Hours).Hours,
        "day" => Period.Between(from, to, PeriodUnits.Days).Days,
        "week" => Period.Between(from, to, PeriodUnits.Weeks).Weeks,
        "month" => Period.Between(from, to, PeriodUnits.Months).Months,
        "quarter" => Period.Between(from, to, PeriodUnits.Months).Months / 3,
        "year" => Period.Between(from, to, PeriodUnits.Years).Years,
        _ => throw Unknown(unit),
    };

    private static SqlFunctionException Unknown(string unit) => new($"'{unit}' is not a valid Timestamp field");
}
