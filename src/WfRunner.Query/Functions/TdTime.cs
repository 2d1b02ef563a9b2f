using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace WfRunner.Query.Functions;

/// <summary>Times and durations as TD's SQL functions read them. Source: operators-td 16.3 and 17.5.</summary>
internal static partial class TdTime
{
    /// <summary>Unix seconds of a time text; null when it is none.</summary>
    public static long? Parse(string text, DateTimeZone zone)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > 0 && trimmed.All(char.IsAsciiDigit))
        {
            return trimmed.Length >= 9 && long.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out var unix) ? unix : null;
        }

        var match = TimePattern().Match(trimmed);
        if (!match.Success)
        {
            return null;
        }

        var ownZone = match.Groups["zone"].Value.Trim();
        var where = ownZone.Length == 0 ? zone : TdTimeZone.Find(ownZone);
        try
        {
            var local = new LocalDateTime(
                Number("year"), Number("month"), Number("day"), Number("hour"), Number("minute"), Number("second"));
            return where?.AtLeniently(local).ToInstant().ToUnixTimeSeconds();
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }

        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Seconds of a duration such as <c>-1h30m</c>; null when it is none.</summary>
    public static long? ParseDuration(string text)
    {
        var match = DurationPattern().Match(text.Trim());
        if (!match.Success)
        {
            return null;
        }

        long seconds = 0;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            seconds += long.Parse(match.Groups["number"].Captures[i].Value, CultureInfo.InvariantCulture)
                * match.Groups["unit"].Captures[i].Value[0] switch { 'w' => 604800, 'd' => 86400, 'h' => 3600, 'm' => 60, _ => 1 };
        }

        return match.Groups["sign"].Value == "-" ? -seconds : seconds;
    }

    [GeneratedRegex(
        @"^(?<year>\d{4})[-/](?<month>\d{1,2})[-/](?<day>\d{1,2})(?:(?:T|\s+)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.\d+)?)?)?(?<zone>\s*[A-Za-z+-].*)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"^(?<sign>[+-])?(?:(?<number>\d{1,12})(?<unit>w(?:eeks?)?|d(?:ays?)?|h(?:ours?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?))+$", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();
}
