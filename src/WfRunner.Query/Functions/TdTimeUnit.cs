using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>Units that TD's functions cut time by. Weeks start on Monday, quarters in January, April, July and October.</summary>
internal enum TdTimeUnit
{
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// <summary>Calendar arithmetic by unit, in a zone's own rules at that instant (operators-td 16.2).</summary>
internal static class TdTimeUnits
{
    /// <summary>The unit of a letter: <c>s m h d w M q y</c>; null for any other.</summary>
    public static TdTimeUnit? OfLetter(char letter) => letter switch
    {
        's' => TdTimeUnit.Second,
        'm' => TdTimeUnit.Minute,
        'h' => TdTimeUnit.Hour,
        'd' => TdTimeUnit.Day,
        'w' => TdTimeUnit.Week,
        'M' => TdTimeUnit.Month,
        'q' => TdTimeUnit.Quarter,
        'y' => TdTimeUnit.Year,
        _ => null,
    };

    /// <summary>Start of the unit that holds an instant.</summary>
    public static Instant Truncate(TdTimeUnit unit, Instant at, DateTimeZone zone)
    {
        var zoned = at.InZone(zone);
        switch (unit)
        {
            case TdTimeUnit.Second:
                return Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
            case TdTimeUnit.Minute:
                return at - (zoned.TimeOfDay - zoned.TimeOfDay.With(TimeAdjusters.TruncateToMinute)).ToDuration();
            case TdTimeUnit.Hour:
                return at - (zoned.TimeOfDay - zoned.TimeOfDay.With(TimeAdjusters.TruncateToHour)).ToDuration();
            case TdTimeUnit.Day:
                return zone.AtStartOfDay(zoned.Date).ToInstant();
            case TdTimeUnit.Week:
                return zone.AtStartOfDay(zoned.Date.PlusDays(1 - (int)zoned.DayOfWeek)).ToInstant();
            case TdTimeUnit.Month:
                return zone.AtStartOfDay(zoned.Date.With(DateAdjusters.StartOfMonth)).ToInstant();
            case TdTimeUnit.Quarter:
                return zone.AtStartOfDay(StartOfQuarter(zoned.Date)).ToInstant();
            case TdTimeUnit.Year:
                return zone.AtStartOfDay(new LocalDate(zoned.Year, 1, 1)).ToInstant();
            default:
                throw new ArgumentOutOfRangeException(nameof(unit), unit, null);
        }
    }

    /// <summary>Adds units: seconds, minutes and hours as elapsed time, the others in the calendar; months clamp the day.</summary>
    public static Instant Add(TdTimeUnit unit, Instant at, long amount, DateTimeZone zone)
    {
        switch (unit)
        {
            case TdTimeUnit.Second:
                return at + Duration.FromSeconds(amount);
            case TdTimeUnit.Minute:
                return at + Duration.FromMinutes(amount);
            case TdTimeUnit.Hour:
                return at + Duration.FromHours(amount);
            default:
                break;
        }

        var local = at.InZone(zone).LocalDateTime;
        var count = checked((int)amount);
        var moved = unit switch
        {
            TdTimeUnit.Day => local.PlusDays(count),
            TdTimeUnit.Week => local.PlusWeeks(count),
            TdTimeUnit.Month => local.PlusMonths(count),
            TdTimeUnit.Quarter => StartOfQuarter(local.Date.PlusMonths(3 * count)) + local.TimeOfDay,
            TdTimeUnit.Year => local.PlusYears(count),
            _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
        };
        return moved.InZoneLeniently(zone).ToInstant();
    }

    private static LocalDate StartOfQuarter(LocalDate date) => new(date.Year, ((date.Month - 1) / 3 * 3) + 1, 1);
}
