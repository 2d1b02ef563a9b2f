using NodaTime;
using WfRunner.Core.Scheduling;
using static WfRunner.Core.Tests.Scheduling.Moments;

namespace WfRunner.Core.Tests.Scheduling;

public sealed class CronSchedulerTests
{
    [Theory]
    [InlineData("2024-01-15T06:59:59Z", "2024-01-15T00:00:00+00:00 run 2024-01-15T07:00:00+00:00")]
    [InlineData("2024-01-15T07:00:00Z", "2024-01-15T00:00:00+00:00 run 2024-01-15T07:00:00+00:00")]
    [InlineData("2024-01-15T07:00:01Z", "2024-01-16T00:00:00+00:00 run 2024-01-16T07:00:00+00:00")]
    public void The_first_entry_is_the_earliest_whose_run_time_has_not_passed(string now, string expected)
    {
        var daily = Schedule("UTC", "daily>", "07:00:00");

        Assert.Equal(expected, daily.FirstScheduleTime(At(now)).Text(daily));
    }

    [Theory]
    [InlineData("0 * * * *", "2024-03-10T00:00:00-08:00", "01:00-08 03:00-07 04:00-07")]
    [InlineData("0 * * * *", "2024-11-03T00:00:00-07:00", "01:00-08 02:00-08 03:00-08")]
    [InlineData("*/30 * * * *", "2024-11-03T00:30:00-07:00", "01:00-08 01:30-08 02:00-08")]
    [InlineData("* * * * *", "2024-11-03T01:58:00-07:00", "01:59-07 01:00-08 01:01-08")]
    [InlineData("30 2 * * *", "2024-03-09T02:30:00-08:00", "03:30-07 02:30-07 02:30-07")]
    [InlineData("30 1 * * *", "2024-11-02T01:30:00-07:00", "01:30-08 01:30-08 01:30-08")]
    [InlineData("*/15 2 * * *", "2024-03-10T01:00:00-08:00", "03:00-07 02:00-07 02:15-07")]
    public void Around_a_change_of_daylight_saving_time_entries_come_as_in_Digdag(string cron, string from, string expected)
    {
        var scheduler = Schedule("America/Los_Angeles", "cron>", cron);
        var times = new List<string>();
        var time = At(from);
        for (var i = 0; i < 3; i++)
        {
            time = scheduler.NextScheduleTime(time)!.Value.Time;
            times.Add(SessionTimeText.Iso(time, scheduler.TimeZone)[11..16] + SessionTimeText.Iso(time, scheduler.TimeZone)[19..22]);
        }

        Assert.Equal(expected, string.Join(' ', times));
    }

    [Fact]
    public void A_delay_is_elapsed_time_so_that_a_daily_run_moves_by_an_hour_on_the_day_of_the_change()
    {
        var daily = Schedule("America/Los_Angeles", "daily>", "07:00:00");

        Assert.Equal("2024-03-10T00:00:00-08:00 run 2024-03-10T08:00:00-07:00", daily.FirstScheduleTime(At("2024-03-10T06:30:00-07:00")).Text(daily));
    }

    [Theory]
    [InlineData("Pacific/Apia", "0 0 * * *", "2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00")]
    [InlineData("Africa/Cairo", "0 0 * * *", "2024-04-25T12:00:00+02:00", "2024-04-26T01:00:00+03:00")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2024-10-05T02:15:00+10:30", "2024-10-06T02:45:00+11:00")]
    [InlineData("UTC+9", "0 0 * * *", "2024-01-15T12:00:00+09:00", "2024-01-16T09:00:00+09:00")]
    [InlineData("+09:00", "0 0 * * *", "2024-01-15T12:00:00+09:00", "2024-01-16T00:00:00+09:00")]
    public void The_next_entry_in_a_peculiar_zone(string zone, string cron, string after, string expected)
    {
        var scheduler = Schedule(zone, "cron>", cron);

        Assert.Equal(expected, SessionTimeText.Iso(scheduler.NextScheduleTime(At(after))!.Value.Time, scheduler.TimeZone));
    }

    [Fact]
    public void Behind_a_31st_of_February_the_search_goes_on_where_that_day_would_be()
    {
        // 31 February 2016 is 2 March: the first of March is missed.
        var scheduler = Schedule("UTC", "cron>", "0 0 */5 * *");

        Assert.Equal(At("2016-03-06T00:00:00Z"), scheduler.NextScheduleTime(At("2016-02-29T12:00:00Z"))!.Value.Time);
    }

    [Theory]
    [InlineData("0 9-17 * * 1-5", "2024-01-15T10:00:00Z", "2024-01-15T09:00:00Z")]
    [InlineData("0 9-17 * * 1-5", "2024-01-15T09:00:00Z", "2024-01-15T07:00:00Z")] // no session at all: as Digdag
    [InlineData("0 0 29 2 *", "2024-02-29T00:00:00Z", "2020-02-29T00:00:00Z")]
    public void The_last_entry_lies_strictly_before(string cron, string time, string expected) =>
        Assert.Equal(At(expected), Schedule("UTC", "cron>", cron).LastScheduleTime(At(time)).Time);

    [Theory]
    [InlineData("2024-01-15T00:00:00Z", "2024-02-01T00:00:00+00:00 run 2024-02-01T07:00:00+00:00")]
    [InlineData("2024-02-03T07:00:00Z", "2024-02-03T00:00:00+00:00 run 2024-02-03T07:00:00+00:00")]
    [InlineData("2024-02-03T07:00:01Z", "none")]
    public void Start_and_end_bound_the_run_time_and_include_the_end_day(string now, string expected)
    {
        var daily = Schedule("UTC", "daily>", "07:00:00", ("start", "2024-02-01"), ("end", "2024-02-03"));

        Assert.Equal(expected, daily.FirstScheduleTime(At(now)).Text(daily));
    }

    [Theory]
    [InlineData("0 0 31 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    [InlineData("0 0 30 2 * | 1 1 31 2 *")]
    public void A_date_that_never_comes_is_an_error_and_not_an_endless_search(string cron)
    {
        var scheduler = Schedule("Asia/Tokyo", "cron>", cron);

        var error = Assert.Throws<WorkflowException>(() => scheduler.FirstScheduleTime(At("2024-01-01T00:00:00Z")));

        Assert.Equal($"invalid pattern \"{cron}\". It never matches", error.Message);
    }

    [Fact]
    public void A_leap_day_on_a_given_weekday_is_found_forty_years_ahead() =>
        Assert.Equal(At("2072-02-29T00:00:00Z"), Schedule("UTC", "cron>", "0 0 29 2 1").NextScheduleTime(At("2044-02-29T00:00:00Z"))!.Value.Time);

    [Fact]
    public void A_delay_beyond_the_calendar_is_an_error_of_the_workflow()
    {
        var scheduler = Schedule("UTC", "cron>", "* * * * *", ("delay", 300_000_000_000));

        Assert.Throws<WorkflowException>(() => scheduler.NextScheduleTime(At("2024-01-01T00:00:00Z")));
        Assert.Throws<ConfigException>(() => Schedule("UTC", "cron>", "* * * * *", ("delay", long.MaxValue)));
    }

    [Fact]
    public void Seconds_intervals_are_multiples_since_the_epoch()
    {
        var scheduler = Schedule("UTC", "seconds_interval>", "30", ("delay", 5));
        var noon = At("2024-01-15T12:00:00Z");

        Assert.Equal(new ScheduleTime(noon, noon + Duration.FromSeconds(5)), scheduler.FirstScheduleTime(noon));
        Assert.Equal(noon + Duration.FromSeconds(30), scheduler.NextScheduleTime(noon)!.Value.Time);
        Assert.Equal(noon - Duration.FromSeconds(30), scheduler.LastScheduleTime(noon).Time);
    }
}
