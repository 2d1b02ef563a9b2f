using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Cli.CommandLine;
using WfRunner.Runtime.Logging;

namespace WfRunner.Cli.Commands.Client;

/// <summary>Times as client commands print and read them. Digdag behaviour: cli-client 5.</summary>
internal static class ClientTime
{
    private static readonly OffsetDateTimePattern Zoned =
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss' 'o<+HHmm>");

    private static readonly LocalDateTimePattern[] Local =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm':'ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd HH':'mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd"),
    ];

    private static readonly LocalDateTimePattern Iso = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss");
    private static readonly InstantPattern IsoInstant = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss'Z'");

    /// <summary>In the zone of this process.</summary>
    public static string ToLocal(Instant time, CommandContext context) => DigdagTimestamp.Format(time.InZone(context.SystemTimeZone));

    public static string ToLocal(Instant? time, CommandContext context) => time is { } present ? ToLocal(present, context) : string.Empty;

    /// <summary>In the offset that the server sent: that of the workflow's zone.</summary>
    public static string ToOffset(OffsetDateTime time) => DigdagTimestamp.Format(time.InFixedZone());

    /// <summary>In the zone of this process, with the distance from now.</summary>
    public static string ToLocalWithDistance(Instant? time, CommandContext context)
    {
        if (time is not { } at)
        {
            return string.Empty;
        }

        var distance = at - context.Clock.GetCurrentInstant();
        var text = Distance(Math.Abs((long)distance.TotalSeconds));
        return ToLocal(at, context) + (distance > Duration.Zero ? $" (in {text})" : $" ({text} ago)");
    }

    /// <summary>In UTC, as the API writes instants.</summary>
    public static string ToIso(Instant time) => IsoInstant.Format(time);

    /// <summary>Reads a time with its offset, or seconds since 1970.</summary>
    /// <exception cref="CommandLineException">The text is neither.</exception>
    public static Instant ReadZoned(OptionSyntax option, string text, CommandContext context)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return Instant.FromUnixTimeSeconds(seconds);
        }

        // "2016-01-01 00:00:00 +0900" as Digdag reads it; ISO forms are ours.
        if (Zoned.Parse(text) is { Success: true, Value: var zoned })
        {
            return zoned.ToInstant();
        }

        if (OffsetDateTimePattern.Rfc3339.Parse(text) is { Success: true, Value: var iso })
        {
            return iso.ToInstant();
        }

        var now = ToLocal(context.Clock.GetCurrentInstant(), context);
        throw new CommandLineException(
            $"{string.Join(", ", option.Names)} option must be \"yyyy-MM-dd HH:mm:ss Z\" format or UNIX timestamp: {text}\n"
            + $"hint: current local time is \"{now}\"");
    }

    /// <summary>Reads a local time of a workflow's zone.</summary>
    /// <returns>The time in ISO form, for the server to place in the zone; null when the text is none.</returns>
    public static string? ReadLocal(string text)
    {
        var (normal, nextDay) = text.EndsWith(" 24:00:00", StringComparison.Ordinal) ? (text[..^9] + " 00:00:00", true) : (text, false);
        foreach (var pattern in Local)
        {
            if (pattern.Parse(ClampDay(normal)) is { Success: true, Value: var local })
            {
                return Iso.Format(nextDay ? local.PlusDays(1) : local);
            }
        }

        return null;
    }

    // As Java reads dates leniently: 2016-02-30 is the last day of February.
    private static string ClampDay(string text)
    {
        if (text.Length < 10
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.AsSpan(5, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var month)
            || !int.TryParse(text.AsSpan(8, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            || year < 1 || month is < 1 or > 12 || day is < 29 or > 31)
        {
            return text;
        }

        var last = CalendarSystem.Iso.GetDaysInMonth(year, month);
        return day <= last ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, 8)}{last:00}{text.AsSpan(10)}");
    }

    private static string Distance(long seconds) => (seconds / 3600, seconds / 60 % 60, seconds % 60) switch
    {
        (0, 0, var s) => $"{s}s",
        (0, var m, var s) => $"{m}m {s}s",
        var (h, m, s) => $"{h}h {m}m {s}s",
    };
}
