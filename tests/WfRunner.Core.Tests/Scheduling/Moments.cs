using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Tests.Scheduling;

/// <summary>Schedules and moments in the words that the tests read best in.</summary>
internal static class Moments
{
    /// <summary>A scheduler for <c>type&gt;: value</c> and further keys.</summary>
    public static IScheduler Schedule(string zone, string key, string value, params (string Key, ConfigValue Value)[] more) =>
        SchedulerFactory.Create(Section([(key, value), .. more]), Zone(zone))!;

    public static ConfigMap Section(params (string Key, ConfigValue Value)[] keys) => ConfigMap.Of(("schedule", ConfigMap.Of(keys)));

    public static DateTimeZone Zone(string name) => TimeZoneId.TryParse(name, out var zone) ? zone : throw new ArgumentException(name, nameof(name));

    public static Instant At(string text) => OffsetDateTimePattern.GeneralIso.Parse(text).Value.ToInstant();

    /// <summary>Session and run time with the offset of the schedule's zone.</summary>
    public static string Text(this ScheduleTime? entry, IScheduler scheduler) => entry is { } e
        ? $"{SessionTimeText.Iso(e.Time, scheduler.TimeZone)} run {SessionTimeText.Iso(e.RunTime, scheduler.TimeZone)}"
        : "none";
}
