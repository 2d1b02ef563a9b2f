using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// Reads time-zone names in the syntax of Java's <c>ZoneId</c>, case-sensitive: IANA ids, <c>Z</c>, offsets, and
/// <c>UTC</c>/<c>GMT</c>/<c>UT</c> with or without an offset. Digdag behaviour: dig-language 4.3, schedules 5.7.
/// </summary>
public static partial class TimeZoneId
{
    private const int MaximumHours = 18;

    private static readonly string[] Prefixes = ["UTC", "GMT", "UT"];

    // In the time zone database but not among the names of the Java runtime.
    private static readonly string[] UnknownToJava = ["EST", "MST", "HST", "ROC"];

    /// <summary>Reads a zone name.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="zone">The zone; its id is the normalised name that Digdag would print.</param>
    /// <returns>Whether the name is known.</returns>
    public static bool TryParse(string name, [MaybeNullWhen(false)] out DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(name);
        zone = name == "Z" ? new FixedOffsetZone("Z", Offset.Zero)
            : name.StartsWith('+') || name.StartsWith('-') ? Fixed(string.Empty, name)
            : Prefixed(name) ?? Region(name);
        return zone is not null;
    }

    private static DateTimeZone? Region(string name) =>
        UnknownToJava.Contains(name, StringComparer.Ordinal) ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);

    private static FixedOffsetZone? Prefixed(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name == prefix)
            {
                return new FixedOffsetZone(prefix, Offset.Zero);
            }

            if (name.StartsWith(prefix, StringComparison.Ordinal) && name[prefix.Length] is '+' or '-')
            {
                return Fixed(prefix, name[prefix.Length..]);
            }
        }

        return null;
    }

    // ±h, ±hh, ±hh:mm, ±hhmm, ±hh:mm:ss, ±hhmmss; at most 18 hours.
    private static FixedOffsetZone? Fixed(string prefix, string text)
    {
        if (OffsetForm().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var (hours, minutes, seconds) = (Number(match, "hours"), Number(match, "minutes"), Number(match, "seconds"));
        var total = (hours * 3600) + (minutes * 60) + seconds;
        if (minutes > 59 || seconds > 59 || total > MaximumHours * 3600)
        {
            return null;
        }

        var offset = Offset.FromSeconds(text[0] == '-' ? -total : total);
        var shown = total == 0
            ? prefix.Length == 0 ? "Z" : string.Empty
            : string.Create(CultureInfo.InvariantCulture, $"{text[0]}{hours:00}:{minutes:00}") + (seconds == 0 ? string.Empty : $":{seconds:00}");
        return new FixedOffsetZone(prefix + shown, offset);
    }

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found ? int.Parse(found.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^[+-]((?<hours>[0-9]{1,2})|(?<hours>[0-9]{2})(:(?<minutes>[0-9]{2})(:(?<seconds>[0-9]{2}))?|(?<minutes>[0-9]{2})(?<seconds>[0-9]{2})?))\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex OffsetForm();
}
