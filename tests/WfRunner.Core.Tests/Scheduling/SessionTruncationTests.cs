using NodaTime;
using WfRunner.Core.Scheduling;
using static WfRunner.Core.Tests.Scheduling.Moments;

namespace WfRunner.Core.Tests.Scheduling;

public sealed class SessionTruncationTests
{
    [Theory]
    [InlineData("hour", "2024-01-15T06:59:59Z", "2024-01-15T06:00:00Z")]
    [InlineData("day", "2024-01-15T06:59:59Z", "2024-01-15T00:00:00Z")]
    [InlineData("schedule", "2024-01-15T06:00:00Z", "2024-01-15T00:00:00Z")]
    [InlineData("schedule", "2024-01-15T08:00:00Z", "2024-01-16T00:00:00Z")]
    [InlineData("next_schedule", "2024-01-15T00:00:00Z", "2024-01-16T00:00:00Z")]
    public void Truncates_by_name(string name, string time, string expected) =>
        Assert.Equal(At(expected), SessionTruncation.Named(name)!.Apply(At(time), DateTimeZone.Utc, Schedule("UTC", "daily>", "07:00:00")));

    [Theory]
    [InlineData("America/Los_Angeles", "2024-11-03T01:30:00-07:00", "2024-11-03T01:00:00-07:00")]
    [InlineData("America/Los_Angeles", "2024-11-03T01:30:00-08:00", "2024-11-03T01:00:00-08:00")]
    [InlineData("Asia/Kolkata", "2024-11-03T01:10:00+05:30", "2024-11-03T01:00:00+05:30")]
    [InlineData("Australia/Lord_Howe", "2024-10-06T02:45:00+11:00", "2024-10-06T02:30:00+11:00")]
    public void An_hour_starts_in_the_workflows_zone_and_offset(string zone, string time, string expected) =>
        Assert.Equal(At(expected), SessionTruncation.Hour.Apply(At(time), Zone(zone), null));

    [Fact]
    public void A_day_without_midnight_starts_with_its_first_instant() =>
        Assert.Equal(At("2024-04-26T01:00:00+03:00"), SessionTruncation.Day.Apply(At("2024-04-26T12:00:00+03:00"), Zone("Africa/Cairo"), null));

    [Fact]
    public void Other_names_have_no_meaning() => Assert.Null(SessionTruncation.Named("second"));

    [Fact]
    public void Without_a_schedule_its_ways_are_refused() => Assert.Equal(
        "session_time_truncate=schedule is set but schedule is not set to this workflow",
        Assert.Throws<WorkflowException>(() => SessionTruncation.Schedule.Apply(default, DateTimeZone.Utc, null)).Message);
}
