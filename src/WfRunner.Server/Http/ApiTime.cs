using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;
using WfRunner.Core.Config;

namespace WfRunner.Server.Http;

/// <summary>Times on the wire. Digdag behaviour: rest-api 3.</summary>
internal static class ApiTime
{
    private static readonly InstantPattern Seconds = InstantPattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss'Z'");
    private static readonly OffsetDateTimePattern WithOffset =
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    private static readonly LocalDateTimePattern[] Local =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFF"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"),
    ];

    // Beyond these some zone or schedule has no calendar any more: what is stored must be shown in any zone.
    private static readonly LocalDateTime Earliest = new(-9990, 1, 1, 0, 0);
    private static readonly LocalDateTime Latest = new(9999, 12, 30, 0, 0);

    private static readonly OffsetPattern Offset = OffsetPattern.CreateWithInvariantCulture("+HH:mm");

    /// <summary>An instant, its fraction of a second cut off.</summary>
    public static ConfigValue Write(Instant time) => Seconds.Format(time);

    public static ConfigValue Write(Instant? time) => time is { } present ? Write(present) : ConfigNull.Instance;

    /// <summary>A session time in the workflow's zone, never <c>Z</c>.</summary>
    public static ConfigValue Write(Instant time, DateTimeZone zone) => WithOffset.Format(time.InZone(zone).ToOffsetDateTime());

    /// <summary>Reads a time with an offset.</summary>
    /// <returns>The time, or null when the text is none.</returns>
    public static Instant? ReadInstant(string text)
    {
        var body = text.EndsWith(']') && text.IndexOf('[', StringComparison.Ordinal) is var bracket and > 0 ? text[..bracket] : text;
        if (body.EndsWith('Z'))
        {
            return ReadLocal(body[..^1])?.InUtc().ToInstant();
        }

        return body.Length > 6 && Offset.Parse(body[^6..]) is { Success: true, Value: var offset } && ReadLocal(body[..^6]) is { } local
            ? local.WithOffset(offset).ToInstant()
            : null;
    }

    /// <summary>Reads a time with an offset, or a local time of a zone.</summary>
    /// <returns>The time, or null when the text is neither.</returns>
    public static Instant? ReadLocalOrInstant(string text, DateTimeZone zone) =>
        ReadInstant(text) ?? (ReadLocal(text) is { } local ? Resolve(local, zone) : null);

    // In a gap the time moves forward by the gap, in an overlap the earlier offset counts (schedules 11.3).
    public static Instant Resolve(LocalDateTime local, DateTimeZone zone) => zone.ResolveLocal(local, Resolvers.LenientResolver).ToInstant();

    private static LocalDateTime? ReadLocal(string text)
    {
        foreach (var pattern in Local)
        {
            if (pattern.Parse(text) is { Success: true, Value: var local })
            {
                return local >= Earliest && local <= Latest ? local : null;
            }
        }

        return null;
    }
}
