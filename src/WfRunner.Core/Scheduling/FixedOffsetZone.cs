using NodaTime;
using NodaTime.TimeZones;

namespace WfRunner.Core.Scheduling;

/// <summary>A zone without transitions under the name that Digdag prints, such as <c>+09:00</c> or <c>UTC+09:00</c>.</summary>
internal sealed class FixedOffsetZone(string id, Offset offset) : DateTimeZone(id, isFixed: true, offset, offset)
{
    private readonly ZoneInterval _interval = new(id, null, null, offset, Offset.Zero);

    public override ZoneInterval GetZoneInterval(Instant instant) => _interval;
}
