using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>One alternative of a cron pattern: five fields that all must match. Digdag behaviour: schedules 6.2.</summary>
internal sealed class CronGroup
{
    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;

    private CronGroup(string text, string[] fields)
    {
        _minutes = CronField.Parse(CronFieldKind.Minutes, fields[0], text);
        _hours = CronField.Parse(CronFieldKind.Hours, fields[1], text);
        _days = CronField.Parse(CronFieldKind.DaysOfMonth, fields[2], text);
        _months = CronField.Parse(CronFieldKind.Months, fields[3], text);
        _weekdays = CronField.Parse(CronFieldKind.DaysOfWeek, fields[4], text);
    }

    public static CronGroup Parse(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is { Length: 5 } fields
        ? new CronGroup(text, fields)
        : throw new WorkflowException(FailureKind.InvalidPattern, $"invalid pattern: \"{text}\"");

    public bool Matches(LocalDateTime time) =>
        _minutes.Has(time.Minute) && _hours.Has(time.Hour) && MatchesMonth(time.Month)
        && MatchesDay(time.Year, time.Month, time.Day) && MatchesWeekday(time.DayOfWeek);

    public bool MatchesMonth(int month) => _months.Has(month);

    /// <summary>Whether a day of a month matches; the day need not exist in that month.</summary>
    public bool MatchesDay(int year, int month, int day) =>
        _days.Has(day) || (_days.Has(CronFieldKind.LastDayOfMonth) && day == CalendarSystem.Iso.GetDaysInMonth(year, month));

    public bool MatchesWeekday(IsoDayOfWeek day) => _weekdays.Has((int)day % 7);

    /// <summary>The first matching time of a day, not before a time; null when the day has none left.</summary>
    public LocalTime? FirstTime(LocalTime notBefore)
    {
        for (var hour = notBefore.Hour; hour < 24; hour++)
        {
            if (!_hours.Has(hour))
            {
                continue;
            }

            for (var minute = hour == notBefore.Hour ? notBefore.Minute : 0; minute < 60; minute++)
            {
                if (_minutes.Has(minute))
                {
                    return new LocalTime(hour, minute);
                }
            }
        }

        return null;
    }
}
