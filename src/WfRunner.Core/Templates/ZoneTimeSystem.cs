using System.Globalization;
using Jint.Runtime;
using NodaTime;

namespace WfRunner.Core.Templates;

/// <summary>JavaScript's local time in a workflow's zone, from the same zone data as everything else, not from the host's files.</summary>
internal sealed class ZoneTimeSystem(DateTimeZone zone) : ITimeSystem
{
    private static readonly DefaultTimeSystem Utc = new(TimeZoneInfo.Utc, CultureInfo.InvariantCulture);

    public TimeZoneInfo DefaultTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone(
        zone.Id, ToMinutes(zone.GetUtcOffset(Instant.FromUnixTimeSeconds(0))), zone.Id, zone.Id);

    public DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow;

    public TimeSpan GetUtcOffset(long epochMilliseconds) =>
        zone.GetUtcOffset(Instant.FromUnixTimeMilliseconds(Math.Clamp(epochMilliseconds, -62_000_000_000_000, 250_000_000_000_000))).ToTimeSpan();

    // A text without an offset is local: read it as UTC, then move it by the offset that the zone has then.
    public bool TryParse(string date, out long epochMilliseconds)
    {
        if (!Utc.TryParse(date, out epochMilliseconds))
        {
            return false;
        }

        if (IsLocal(date))
        {
            var local = LocalDateTime.FromDateTime(DateTime.UnixEpoch.AddMilliseconds(epochMilliseconds));
            epochMilliseconds = zone.AtLeniently(local).ToInstant().ToUnixTimeMilliseconds();
        }

        return true;
    }

    // ISO dates without a time are UTC; everything else without "Z", an offset or a zone word is local.
    private static bool IsLocal(string date)
    {
        var time = date.IndexOfAny(['T', ' ', ':']);
        if (time < 0)
        {
            return date.AsSpan().IndexOfAny('/', ',') >= 0;
        }

        var rest = date[time..];
        return !rest.EndsWith('Z') && !rest.Contains("GMT", StringComparison.Ordinal) && !rest.Contains("UTC", StringComparison.Ordinal)
            && rest.LastIndexOfAny(['+', '-']) <= 0;
    }

    private static TimeSpan ToMinutes(Offset offset) => TimeSpan.FromMinutes(offset.Seconds / 60);
}
