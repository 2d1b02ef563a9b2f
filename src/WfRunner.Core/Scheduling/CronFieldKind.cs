namespace WfRunner.Core.Scheduling;

/// <summary>What the values of one of the five cron fields are. Digdag behaviour: schedules 6.1.</summary>
/// <param name="Name">As messages call the field.</param>
/// <param name="Least">The least value.</param>
/// <param name="Greatest">The greatest value.</param>
/// <param name="Names">Three-letter names of the values from the least on; empty when there are none.</param>
internal sealed record CronFieldKind(string Name, int Least, int Greatest, string[] Names)
{
    /// <summary>The value of <c>L</c>: behind every real day, so that <c>25-L</c> is a range.</summary>
    public const int LastDayOfMonth = 32;

    private const int DaysInWeek = 7;

    public static readonly CronFieldKind Minutes = new("minutes", 0, 59, []);

    public static readonly CronFieldKind Hours = new("hours", 0, 23, []);

    public static readonly CronFieldKind DaysOfMonth = new("days of month", 1, 31, []);

    public static readonly CronFieldKind Months =
        new("months", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);

    public static readonly CronFieldKind DaysOfWeek = new("days of week", 0, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

    /// <summary>One value of the field.</summary>
    /// <exception cref="FormatException">It is none; the message is the reason.</exception>
    public int Parse(string text)
    {
        if (this == DaysOfMonth && text is "L" or "l")
        {
            return LastDayOfMonth;
        }

        var isNumber = JavaInteger.TryParse(text, out var number);
        if (isNumber && number >= Least && number <= Greatest)
        {
            // Seven is Sunday too, before ranges are built: "0-7" is Sunday only.
            return this == DaysOfWeek ? number % DaysInWeek : number;
        }

        var at = Array.FindIndex(Names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (at >= 0)
        {
            return at + Least;
        }

        var reason = Names.Length > 0 ? $"invalid alias \"{text}\"" : isNumber ? "value out of range" : "invalid integer value";
        throw new FormatException($"invalid value \"{text}\", {reason}");
    }
}
