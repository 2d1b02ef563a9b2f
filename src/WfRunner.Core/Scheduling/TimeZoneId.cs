using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// Reads time-zone names in the syntax of Java's <c>ZoneId</c>, case-sensitive: IANA ids, <c>Z</c>, offsets, and
/// <c>UTC</c>/<c>GMT</c>/<c>UT</c> with or without an offset. Digdag behaviour: dig-language 4.3, schedules 5.7.
/// </summary>
public static class TimeZoneId
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
        var body = text[1..];
        var digits = body.Replace(":", string.Empty, StringComparison.Ordinal);
        var form = body.Length switch
        {
            1 => "h",
            2 => "hh",
            4 when !body.Contains(':', StringComparison.Ordinal) => "hhmm",
            5 when body[2] == ':' => "hh:mm",
            6 when !body.Contains(':', StringComparison.Ordinal) => "hhmmss",
            8 when body[2] == ':' && body[5] == ':' => "hh:mm:ss",
            _ => null,
        };
        if (form is null || digits.Length is 3 or 5 || !digits.All(char.IsAsciiDigit))
        {
            return null;
        }

        var hours = Number(digits[..Math.Min(2, digits.Length)]);
        var minutes = digits.Length > 2 ? Number(digits[2..4]) : 0;
        var seconds = digits.Length > 4 ? Number(digits[4..6]) : 0;
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

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
