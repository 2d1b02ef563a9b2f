using Jint.Runtime;
using NodaTime;

namespace WfRunner.Core.Templates;

/// <summary>JavaScript's local time in a workflow's zone, from the same zone data as everything else, not from the host's files.</summary>
internal sealed class ZoneTimeSystem(DateTimeZone zone, LocalTimeRule rule) : ITimeSystem
{
    // Beyond these years zones have no transitions.
    private const long EarliestMillisecond = -62_000_000_000_000;
    private const long LatestMillisecond = 250_000_000_000_000;

    private readonly Offset _offsetAtEpoch = zone.GetUtcOffset(NodaConstants.UnixEpoch);

    public TimeZoneInfo DefaultTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone(
        zone.Id, TimeSpan.FromMinutes(zone.GetUtcOffset(NodaConstants.UnixEpoch).Seconds / 60), zone.Id, zone.Id);

    public DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow;

    public TimeSpan GetUtcOffset(long epochMilliseconds)
    {
        var interval = Interval(epochMilliseconds);
        var offset = rule == LocalTimeRule.Exact ? interval.WallOffset : _offsetAtEpoch + interval.Savings;
        return offset.ToTimeSpan();
    }

    /// <summary>The short name of the zone's time, such as <c>PST</c>, as dates print it.</summary>
    public string Abbreviation(double epochMilliseconds) => double.IsFinite(epochMilliseconds) ? Interval((long)epochMilliseconds).Name : zone.Id;

    public bool TryParse(string date, out long epochMilliseconds)
    {
        if (!DateText.TryParse(date, out var parsed))
        {
            epochMilliseconds = long.MinValue;
            return false;
        }

        epochMilliseconds = parsed.Milliseconds - (parsed.IsLocal ? LocalOffset(parsed.Milliseconds) : 0);
        return true;
    }

    // The offset at the instant that standard time would make of a local time: in an overlap the later, as in Digdag.
    private long LocalOffset(long localMilliseconds)
    {
        var standard = (long)GetUtcOffset(localMilliseconds).TotalMilliseconds - Interval(localMilliseconds).Savings.Milliseconds;
        return (long)GetUtcOffset(localMilliseconds - standard).TotalMilliseconds;
    }

    private NodaTime.TimeZones.ZoneInterval Interval(long epochMilliseconds) =>
        zone.GetZoneInterval(Instant.FromUnixTimeMilliseconds(Math.Clamp(epochMilliseconds, EarliestMillisecond, LatestMillisecond)));
}
