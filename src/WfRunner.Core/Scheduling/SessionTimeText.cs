using NodaTime;
using NodaTime.Text;

namespace WfRunner.Core.Scheduling;

/// <summary>The ways session times are written (dig-language 9, cli-local 8.5).</summary>
public static class SessionTimeText
{
    private static readonly OffsetDateTimePattern DirectoryPattern = OffsetDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmsso<+HHmm>");
    private static readonly OffsetDateTimePattern IsoPattern = OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'sso<+HH:mm>");

    /// <summary>As messages and parameters print it: <c>2016-12-08T00:00:00+09:00</c>, never <c>Z</c>.</summary>
    /// <param name="time">The session time.</param>
    /// <param name="zone">The workflow's zone.</param>
    /// <returns>The text.</returns>
    public static string Iso(Instant time, DateTimeZone zone) => IsoPattern.Format(time.InZone(zone).ToOffsetDateTime());

    /// <summary>Reads exactly the form of <see cref="Iso"/>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The time; null for any other form.</returns>
    public static Instant? FromIso(string text)
    {
        var parsed = IsoPattern.Parse(text);
        return parsed.Success ? parsed.Value.ToInstant() : null;
    }

    /// <summary>As status directories and log folders are named: <c>20161208T000000+0900</c>.</summary>
    /// <param name="time">The session time.</param>
    /// <param name="zone">The workflow's zone.</param>
    /// <returns>The name.</returns>
    public static string DirectoryName(Instant time, DateTimeZone zone) => DirectoryPattern.Format(time.InZone(zone).ToOffsetDateTime());

    /// <summary>The session time that a status directory is named after.</summary>
    /// <param name="name">Name of the directory.</param>
    /// <returns>The time; null when the name has another form.</returns>
    public static Instant? FromDirectoryName(string name)
    {
        var parsed = DirectoryPattern.Parse(name);
        return parsed.Success ? parsed.Value.ToInstant() : null;
    }
}
