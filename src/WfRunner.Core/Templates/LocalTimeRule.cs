namespace WfRunner.Core.Templates;

/// <summary>
/// How JavaScript's local time follows from the time zone. They differ only in zones whose standard time has changed since 1970,
/// such as Europe/London, Asia/Singapore or Europe/Istanbul.
/// </summary>
public enum LocalTimeRule
{
    /// <summary>
    /// As recorded from Digdag (its engine on Java 11 and later): the zone's offset at 1970-01-01T00:00:00Z plus the daylight saving
    /// time in force. Europe/London, where clocks showed +01:00 in the winter of 1970, is an hour ahead of itself.
    /// </summary>
    Digdag,

    /// <summary>The zone's offset at the instant.</summary>
    Exact,
}
