using CsCheck;
using NodaTime;
using WfRunner.Core.Scheduling;
using static WfRunner.Core.Tests.Scheduling.Moments;

namespace WfRunner.Core.Tests.Scheduling;

/// <summary>What must hold for every schedule, zone and moment.</summary>
public sealed class SchedulerProperties
{
    private static readonly string[] Zones =
    [
        "UTC", "Asia/Tokyo", "America/Los_Angeles", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Africa/Cairo", "+05:30",
    ];

    private static readonly Gen<string> ZoneName = Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]);

    private static readonly Gen<Instant> Moment =
        Gen.Long[At("2000-01-01T00:00:00Z").ToUnixTimeSeconds(), At("2037-12-31T00:00:00Z").ToUnixTimeSeconds()].Select(Instant.FromUnixTimeSeconds);

    private static readonly Gen<string> Cron = Gen.Select(
        Field(0, 59), Field(0, 23), Field(1, 28), Field(1, 12), Field(0, 6), (m, h, d, mo, w) => $"{m} {h} {d} {mo} {w}");

    private static readonly Gen<(string Key, string Value)> Rule = Gen.Frequency(
        (5, Cron.Select(c => ("cron>", c))),
        (1, Gen.Int[0, 23].Select(h => ("daily>", $"{h}:30:00"))),
        (1, Gen.Int[0, 59].Select(m => ("hourly>", $"{m}:00"))),
        (1, Gen.Int[0, 6].Select(d => ("weekly>", $"{d},12:00:00"))),
        (1, Gen.Int[1, 28].Select(d => ("monthly>", $"{d},12:00:00"))),
        (1, Gen.Int[1, 60].Select(m => ("minutes_interval>", $"{m}"))),
        (1, Gen.Int[1, 100_000].Select(s => ("seconds_interval>", $"{s}"))));

    [Fact]
    public void The_next_entry_lies_behind_and_runs_after_the_schedules_delay() => Check((scheduler, time) =>
    {
        var next = scheduler.NextScheduleTime(time)!.Value;

        Assert.True(next.Time > time);
        Assert.Equal(next.RunTime - next.Time, scheduler.LastScheduleTime(time) is var last ? last.RunTime - last.Time : default);
    });

    [Fact]
    public void The_first_entry_has_not_run_yet_and_the_one_before_it_has() => Check((scheduler, time) =>
    {
        var first = scheduler.FirstScheduleTime(time)!.Value;

        Assert.True(first.RunTime >= time);

        // An entry that a gap shifted is found only from before the gap (schedules 5.1).
        Assert.True(IsAfterGap(scheduler, first.Time) || first == scheduler.FirstScheduleTime(first.RunTime), $"{first}");
    });

    [Fact]
    public void The_last_entry_lies_before_and_nothing_comes_between() => Check((scheduler, time) =>
    {
        var last = scheduler.LastScheduleTime(time).Time;

        Assert.True(last < time);
        Assert.True(scheduler.NextScheduleTime(last)!.Value.Time >= time);
    });

    [Fact]
    public void In_a_zone_without_changes_the_last_entry_before_the_next_one_is_where_we_were() => Gen.Select(Gen.Int[1, 86_400], Moment).Sample((seconds, time) =>
    {
        var scheduler = Schedule("UTC", "seconds_interval>", $"{seconds}");
        var next = scheduler.NextScheduleTime(time)!.Value;

        Assert.Equal(next, scheduler.NextScheduleTime(scheduler.LastScheduleTime(next.Time).Time));
    });

    [Fact]
    public void Every_entry_of_a_cron_schedule_matches_its_pattern_outside_of_gaps() => Gen.Select(Cron, ZoneName, Moment).Sample(
        (cron, zone, time) =>
        {
            var scheduler = Schedule(zone, "cron>", cron);
            var next = scheduler.NextScheduleTime(time)!.Value.Time;
            var local = next.InZone(scheduler.TimeZone).LocalDateTime;

            Assert.True(IsAfterGap(scheduler, next) || CronPattern.Parse(cron).Matches(local), $"{local}");
        },
        iter: 2000);

    [Fact]
    public void Any_text_is_read_or_refused_as_a_cron_pattern() => Gen.String[Gen.Char["0123456789*/-,|LljanSUN \t?@#"], 0, 20].Sample(
        text =>
        {
            try
            {
                Schedule("Europe/London", "cron>", text).FirstScheduleTime(At("2024-03-31T00:00:00Z"));
            }
            catch (WorkflowException e)
            {
                Assert.StartsWith("invalid pattern", e.Message, StringComparison.Ordinal);
            }
        },
        iter: 5000);

    private static bool IsAfterGap(IScheduler scheduler, Instant time) =>
        scheduler.TimeZone.GetUtcOffset(time) != scheduler.TimeZone.GetUtcOffset(time - Duration.FromHours(24));

    private static void Check(Action<IScheduler, Instant> property) => Gen.Select(Rule, ZoneName, Moment).Sample(
        (rule, zone, time) => property(Schedule(zone, rule.Key, rule.Value), time), iter: 1000);

    private static Gen<string> Field(int least, int greatest) => Gen.Frequency(
        (4, Gen.Const("*")),
        (2, Gen.Int[least, greatest].Select(v => $"{v}")),
        (1, Gen.Select(Gen.Int[least, greatest], Gen.Int[least, greatest], (a, b) => $"{a}-{b}")),
        (1, Gen.Int[1, 20].Select(n => $"*/{n}")));
}
