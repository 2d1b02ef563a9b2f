using NodaTime;
using NodaTime.TimeZones;

namespace WfRunner.Core.Scheduling;

/// <summary>A zone without transitions under the name that Digdag prints, such as <c>+09:00</c> or <c>UTC+09:00</c>.</summary>
internal sealed class FixedOffsetZone(string id, Offset offset) : DateTimeZone(id, isFixed: true, offset, offset)
{
    private readonly ZoneInterval _interval = new(id, null, null, offset, Offset.Zero);

    /// <summary>
    /// Whether Java's calendar classes do not understand the name and take it for UTC: <c>UTC+09:00</c>, <c>UT-05:00</c> and
    /// every offset with seconds. <c>+09:00</c> and <c>GMT+09:00</c> they do understand.
    /// </summary>
    public bool IsUnknownToJavaCalendar { get; } =
        offset.Seconds % 60 != 0 || (id.StartsWith("UT", StringComparison.Ordinal) && offset != Offset.Zero);

    public override ZoneInterval GetZoneInterval(Instant instant) => _interval;
}
