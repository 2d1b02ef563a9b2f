using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Tests.Dig;
using static WfRunner.Core.Tests.Scheduling.Moments;

namespace WfRunner.Core.Tests.Scheduling;

public sealed class SchedulerFactoryTests
{
    [Fact]
    public void Without_a_schedule_there_is_no_scheduler() => Assert.Null(SchedulerFactory.Create(ConfigMap.Empty, DateTimeZone.Utc));

    [Theory]
    [InlineData("fortnightly>", "x", "Unknown scheduler type: fortnightly")]
    [InlineData("hourly>", "5", "hourly>: scheduler requires mm:ss format: 5")]
    [InlineData("hourly>", "00:00:00", "hourly>: scheduler requires mm:ss format: 00:00:00")]
    [InlineData("daily>", "7:00", "daily> scheduler requires hh:mm:ss format: 7:00")]
    [InlineData("weekly>", "Mon", "weekly>: scheduler requires day,hh:mm:ss format: Mon")]
    [InlineData("weekly>", "Mon,7:00", "weekly> scheduler requires hh:mm:ss format: 7:00")]
    [InlineData("weekly>", "-1,07:00:00", "weekly>: invalid day: -1")]
    [InlineData("weekly>", "8,07:00:00", "weekly>: scheduler requires day,hh:mm:ss format: 8,07:00:00")]
    [InlineData("monthly>", "L,07:00:00", "monthly>: scheduler requires day,hh:mm:ss format: L,07:00:00")]
    [InlineData("monthly>", "1, 07:00:00", "monthly> scheduler requires hh:mm:ss format:  07:00:00")]
    [InlineData("minutes_interval>", "abc", "Expected integer (int) type for key '_command' but got \"abc\" (string)")]
    public void A_wrong_value_is_told_in_Digdags_words(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Throws<ConfigException>(() => Schedule("UTC", key, value)).Message);

    [Fact]
    public void A_section_without_a_type_is_shown() => Assert.Equal(
        "Schedule config requires 'type>: at' parameter: {}",
        Assert.Throws<ConfigException>(() => SchedulerFactory.Create(Section(), DateTimeZone.Utc)).Message);

    [Theory]
    [InlineData("start", "2024-02-30")]
    [InlineData("end", "2024/01/01")]
    [InlineData("start", "2024-3-1")]
    public void A_bound_that_is_no_date_is_told(string key, string value) => Assert.StartsWith(
        $"Invalid {key}: {value} (", Assert.Throws<ConfigException>(() => Schedule("UTC", "daily>", "07:00:00", (key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_end_before_the_start_is_refused_and_the_same_day_is_not()
    {
        Assert.NotNull(Schedule("UTC", "daily>", "07:00:00", ("start", "2024-03-01"), ("end", "2024-03-01")));
        var error = Assert.Throws<ConfigException>(() => Schedule("UTC", "daily>", "07:00:00", ("start", "2024-03-01"), ("end", "2024-02-29")));
        Assert.Equal("The schedule of end is earlier than start", error.Message);
    }

    [Fact]
    public void An_error_knows_the_place_of_the_schedule_in_the_file()
    {
        var workflow = MemoryFiles.Workflow("schedule:\n  daily>: 7:00\n");

        var error = Assert.Throws<ConfigException>(() => SchedulerFactory.Create(workflow.Config, workflow.TimeZone));

        Assert.Equal(2, error.Span?.Line);
    }

    [Theory]
    [InlineData("7,00:00:00")]
    [InlineData("sun,00:00:00")]
    [InlineData(" Sun , 00:00:00 ")]
    [InlineData("0,00:00:00")]
    public void Sunday_has_several_names(string value) =>
        Assert.Equal(At("2024-01-21T00:00:00Z"), Schedule("UTC", "weekly>", value).FirstScheduleTime(At("2024-01-15T09:00:01Z"))!.Value.Time);

    [Fact]
    public void Keys_that_nothing_accepts_are_named_with_what_may_have_been_meant()
    {
        var section = Section(("daily>", "07:00:00"), ("skip_on_over_time", true), ("delay", 60));

        Assert.Equal(
            "Parameter 'delay' is not used at schedule. \nParameter 'skip_on_over_time' is not used at schedule. > Did you mean '[skip_on_overtime]'?\n",
            SchedulerFactory.DescribeUnusedKeys(section));
    }

    [Fact]
    public void Accepted_keys_are_not_named() => Assert.Null(SchedulerFactory.DescribeUnusedKeys(Section(
        ("cron>", "* * * * *"), ("start", "2024-01-01"), ("end", "2024-01-02"), ("skip_on_overtime", true), ("skip_delayed_by", "1h"))));

    [Fact]
    public void A_zero_interval_is_refused() =>
        Assert.Throws<ConfigException>(() => Schedule("UTC", "seconds_interval>", "0"));
}
