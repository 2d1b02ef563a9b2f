using System.Globalization;
using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// A cron pattern in the dialect of Digdag, which differs from every .NET cron library: alternatives with <c>|</c>, both day
/// fields must match, ranges wrap around, <c>5/10</c> is just 5, <c>L</c> is the last day of the month. Digdag behaviour:
/// schedules 6.
/// </summary>
public sealed class CronPattern
{
    private const int LastDayOfMonth = 32;

    private static readonly string[] MonthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private static readonly Field[] Fields =
    [
        new("minutes", 0, 59, []),
        new("hours", 0, 23, []),
        new("days of month", 1, 31, []),
        new("months", 1, 12, MonthNames),
        new("days of week", 0, 7, DayNames),
    ];

    private readonly List<bool[]?[]> _groups = [];

    private CronPattern(string text) => Text = text;

    /// <summary>The pattern as written.</summary>
    public string Text { get; }

    /// <summary>The number of alternatives.</summary>
    internal int GroupCount => _groups.Count;

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="WorkflowException">It is malformed; the message names the field and the element.</exception>
    public static CronPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pattern = new CronPattern(text);
        foreach (var group in text.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = group.Split([' ', '\t', '\n', '\r', '\f'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length != Fields.Length)
            {
                throw Invalid($"invalid pattern: \"{group}\"");
            }

            pattern._groups.Add([.. fields.Select((f, i) => ParseField(Fields[i], f, group))]);
        }

        return pattern._groups.Count > 0 ? pattern : throw Invalid($"invalid pattern: \"{text}\"");
    }

    /// <summary>Whether a minute matches any alternative.</summary>
    /// <param name="time">The local time; seconds are ignored.</param>
    /// <returns>Whether it matches.</returns>
    public bool Matches(LocalDateTime time)
    {
        for (var g = 0; g < _groups.Count; g++)
        {
            if (MatchesDate(g, time.Date) && Has(g, 0, time.Minute) && Has(g, 1, time.Hour))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first matching local minute of an alternative on a date, not before a time of day.</summary>
    internal LocalDateTime? FirstOn(int group, LocalDate date, LocalTime notBefore)
    {
        if (!MatchesDate(group, date))
        {
            return null;
        }

        for (var hour = notBefore.Hour; hour < 24; hour++)
        {
            if (!Has(group, 1, hour))
            {
                continue;
            }

            for (var minute = hour == notBefore.Hour ? notBefore.Minute : 0; minute < 60; minute++)
            {
                if (Has(group, 0, minute))
                {
                    return date.At(new LocalTime(hour, minute));
                }
            }
        }

        return null;
    }

    private bool MatchesDate(int group, LocalDate date) =>
        Has(group, 3, date.Month)
        && (Has(group, 2, date.Day) || (Has(group, 2, LastDayOfMonth) && date.Day == CalendarSystem.Iso.GetDaysInMonth(date.Year, date.Month)))
        && Has(group, 4, (int)date.DayOfWeek % 7);

    private bool Has(int group, int field, int value) => _groups[group][field] is not { } values || values[value];

    // Null stands for "*", which matches everything.
    private static bool[]? ParseField(Field field, string text, string group)
    {
        if (text == "*")
        {
            return null;
        }

        var elements = text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (elements.Length == 0)
        {
            throw Bad(field, group, $"invalid field \"{text}\"");
        }

        var values = new bool[LastDayOfMonth + 28];
        foreach (var element in elements)
        {
            try
            {
                foreach (var value in ParseElement(field, element))
                {
                    values[value] = true;
                }
            }
            catch (FormatException e)
            {
                throw Bad(field, group, $"invalid field \"{text}\", invalid element \"{element}\", {e.Message}");
            }
        }

        return values;
    }

    private static IEnumerable<int> ParseElement(Field field, string element)
    {
        var parts = element.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 2)
        {
            throw new FormatException("syntax error");
        }

        List<int> range;
        try
        {
            range = [.. ParseRange(field, parts[0])];
        }
        catch (FormatException e)
        {
            throw new FormatException("invalid range, " + e.Message, e);
        }

        if (parts.Length == 1)
        {
            return range;
        }

        if (!int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var divisor))
        {
            throw new FormatException($"invalid divisor \"{parts[1]}\"");
        }

        return divisor > 0
            ? range.Where((_, i) => i % divisor == 0)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"non positive divisor \"{divisor}\""));
    }

    private static IEnumerable<int> ParseRange(Field field, string range)
    {
        if (range == "*")
        {
            return Enumerable.Range(field.Least, field.Greatest - field.Least + 1);
        }

        var ends = range.Split('-', StringSplitOptions.RemoveEmptyEntries);
        if (ends.Length is 0 or > 2)
        {
            throw new FormatException("syntax error");
        }

        var first = ParseValue(field, ends[0]);
        if (ends.Length == 1)
        {
            return [first];
        }

        var last = ParseValue(field, ends[1]);
        return first <= last
            ? Enumerable.Range(first, last - first + 1)
            : [.. Enumerable.Range(first, field.Greatest - first + 1), .. Enumerable.Range(field.Least, last - field.Least + 1)];
    }

    private static int ParseValue(Field field, string text)
    {
        if (field.Name == "days of month" && text is "L" or "l")
        {
            return LastDayOfMonth;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            var at = Array.FindIndex(field.Names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
            return at >= 0
                ? at + field.Least
                : throw new FormatException($"invalid value \"{text}\", {(field.Names.Length > 0 ? $"invalid alias \"{text}\"" : "invalid integer value")}");
        }

        if (value < field.Least || value > field.Greatest)
        {
            throw new FormatException(
                $"invalid value \"{text}\", {(field.Names.Length > 0 ? $"invalid alias \"{text}\"" : "value out of range")}");
        }

        // Seven is Sunday too, before ranges are built.
        return field.Names == DayNames ? value % 7 : value;
    }

    private static WorkflowException Bad(Field field, string group, string reason) =>
        Invalid($"invalid pattern \"{group}\". Error parsing {field.Name} field: {reason}.");

    private static WorkflowException Invalid(string message) => new(FailureKind.InvalidPattern, message);

    private sealed record Field(string Name, int Least, int Greatest, string[] Names);
}
