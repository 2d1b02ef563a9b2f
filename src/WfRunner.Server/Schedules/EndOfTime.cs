using NodaTime;
using WfRunner.Core.Scheduling;

namespace WfRunner.Server.Schedules;

/// <summary>Where a schedule stands that has no entry any more: a time far away, as Digdag stores and shows it (schedules 5.2).</summary>
internal static class EndOfTime
{
    public static readonly ScheduleTime Entry = new(Instant.FromUtc(9999, 1, 1, 0, 0), Instant.FromUtc(9999, 1, 1, 0, 0));
}
