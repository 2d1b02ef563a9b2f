using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// Finds the minutes that match a cron pattern. The search goes over local dates and times as if there were no DST, over months
/// that all have 31 days, and only then looks what instant that is. What comes of it on 31 February or around a DST change
/// decides about session times, so it follows Digdag step by step. Digdag behaviour: schedules 5.1.
/// </summary>
internal sealed class CronSearch(CronPattern pattern, DateTimeZone timeZone)
{
    private const int DaysInEveryMonth = 31;

    // An entry that does not come within this time never comes: 31 February. (A Monday 29 February may take 40 years.)
    private const int SearchedYears = 60;

    private const int LastYear = 9999;

    private readonly DateTimeZone _zone = SearchZone(timeZone);

    /// <summary>The first matching minute after a moment; the moment's own minute is excluded.</summary>
    /// <exception cref="WorkflowException">There is none.</exception>
    public Instant FirstAfter(Instant moment)
    {
        var minute = Instant.FromUnixTimeSeconds(FloorToMinute(moment.ToUnixTimeSeconds()) + 60);
        var local = minute.InZone(_zone).LocalDateTime;
        if (pattern.Matches(local))
        {
            return minute;
        }

        Instant? earliest = null;
        foreach (var group in pattern.Groups)
        {
            if (Search(group, local) is { } found && (earliest is null || found < earliest))
            {
                earliest = found;
            }
        }

        return earliest ?? throw new WorkflowException(FailureKind.InvalidPattern, $"invalid pattern \"{pattern.Text}\". It never matches");
    }

    private Instant? Search(CronGroup group, LocalDateTime from)
    {
        var at = new Cursor(from.Year, from.Month, from.Day, from.TimeOfDay);
        var lastYear = Math.Min(from.Year + SearchedYears, LastYear);
        while (at.Year <= lastYear)
        {
            if (!group.MatchesMonth(at.Month))
            {
                at = at.NextMonth();
            }
            else if (!group.MatchesDay(at.Year, at.Month, at.Day) || group.FirstTime(at.Time) is not { } time)
            {
                at = at.NextDay();
            }
            else
            {
                var instant = ToInstant(at.Date().At(time));
                var date = instant.InZone(_zone).Date;
                if (!at.Is(date))
                {
                    // No such day in this month, or a day that the zone skipped: go on from where it led.
                    at = new Cursor(date.Year, date.Month, date.Day, time);
                }
                else if (group.MatchesWeekday(date.DayOfWeek))
                {
                    return instant;
                }
                else
                {
                    at = at.NextDay();
                }
            }
        }

        return null;
    }

    // In a gap forward by the length of the gap, in an overlap the later instant.
    private Instant ToInstant(LocalDateTime local)
    {
        var mapped = _zone.MapLocal(local);
        return mapped.Count switch
        {
            0 => local.WithOffset(mapped.EarlyInterval.WallOffset).ToInstant(),
            1 => mapped.Single().ToInstant(),
            _ => mapped.Last().ToInstant(),
        };
    }

    // Java's calendar does not know zones such as UTC+9 or +09:30:15 and takes them for UTC (schedules 5.7), although session
    // times are printed with their offset.
    private static DateTimeZone SearchZone(DateTimeZone zone) =>
        zone is FixedOffsetZone { IsUnknownToJavaCalendar: true } ? DateTimeZone.Utc : zone;

    private static long FloorToMinute(long seconds) => seconds - (((seconds % 60) + 60) % 60);

    // A date in a calendar whose months all have 31 days, and the time of day to go on from.
    private readonly record struct Cursor(int Year, int Month, int Day, LocalTime Time)
    {
        public Cursor NextMonth() => Month < 12 ? new(Year, Month + 1, 1, LocalTime.Midnight) : new(Year + 1, 1, 1, LocalTime.Midnight);

        public Cursor NextDay() => Day < DaysInEveryMonth ? new(Year, Month, Day + 1, LocalTime.Midnight) : NextMonth();

        public bool Is(LocalDate date) => date.Year == Year && date.Month == Month && date.Day == Day;

        // 30 February is 1 or 2 March.
        public LocalDate Date() => new LocalDate(Year, Month, 1).PlusDays(Day - 1);
    }
}
