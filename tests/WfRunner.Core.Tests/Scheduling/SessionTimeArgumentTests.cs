using NodaTime;
using WfRunner.Core.Scheduling;
using static WfRunner.Core.Tests.Scheduling.Moments;

namespace WfRunner.Core.Tests.Scheduling;

public sealed class SessionTimeArgumentTests
{
    private static readonly Instant Now = At("2024-01-15T20:17:43Z");

    [Theory]
    [InlineData("hourly", "2024-01-16T05:00:00+09:00")]
    [InlineData("daily", "2024-01-16T00:00:00+09:00")]
    [InlineData("schedule", "2024-01-16T00:00:00+09:00")]
    [InlineData("2016-02-29", "2016-02-29T00:00:00+09:00")]
    [InlineData("2016-02-29 10:11:12", "2016-02-29T10:11:12+09:00")]
    [InlineData("2016-02-29 24:00:00", "2016-03-01T00:00:00+09:00")]
    public void Run_takes_words_dates_and_times_of_the_workflows_zone(string argument, string expected)
    {
        var daily = Schedule("Asia/Tokyo", "daily>", "07:00:00");

        var planned = SessionTimeArgument.ForRun(argument, daily.TimeZone, daily, lastSession: null, Now);

        Assert.Equal((expected, null), (SessionTimeText.Iso(planned.Time, daily.TimeZone), planned.Notice));
    }

    [Theory]
    [InlineData("now")]
    [InlineData("2016-1-1")]
    [InlineData("2016-02-30")]
    [InlineData("2016-02-29 1:00:00")]
    [InlineData("2016-02-29 00:00:60")]
    [InlineData("2016-02-29T00:00:00")]
    [InlineData("2016-02-29 00:00:00 ")]
    [InlineData("")]
    public void Run_refuses_everything_else(string argument)
    {
        var error = Assert.Throws<ConfigException>(() => SessionTimeArgument.ForRun(argument, DateTimeZone.Utc, null, null, Now));

        Assert.Equal($"--session must be hourly, daily, last, \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {argument}", error.Message);
    }

    [Fact]
    public void The_last_session_is_used_again()
    {
        var last = At("2024-01-01T00:00:00Z");

        Assert.Equal(
            new PlannedSession(last, "Reusing the last session time 2024-01-01T00:00:00+00:00."),
            SessionTimeArgument.ForRun("last", DateTimeZone.Utc, Schedule("UTC", "hourly>", "00:00"), last, Now));
    }

    [Fact]
    public void Without_a_last_session_the_schedule_decides()
    {
        var planned = SessionTimeArgument.ForRun("last", DateTimeZone.Utc, Schedule("UTC", "hourly>", "00:00"), null, Now);

        Assert.Equal("Using a new session time 2024-01-15T20:00:00+00:00 based on schedule.", planned.Notice);
    }

    [Fact]
    public void Without_a_schedule_either_it_is_today()
    {
        var planned = SessionTimeArgument.ForRun("last", DateTimeZone.Utc, null, null, Now);

        Assert.Equal("Using a new session time 2024-01-15T00:00:00+00:00.", planned.Notice);
    }

    [Fact]
    public void Schedule_without_a_schedule_is_refused()
    {
        var error = Assert.Throws<WorkflowException>(() => SessionTimeArgument.ForRun("schedule", DateTimeZone.Utc, null, null, Now));

        Assert.Equal("--session schedule is set but schedule is not set to this workflow.", FailureText.MessageWithKind(error));
    }

    [Theory]
    [InlineData("2024-03-10 02:30:00", "2024-03-10T03:30:00-07:00")]
    [InlineData("2024-11-03 01:30:00", "2024-11-03T01:30:00-07:00")]
    public void A_time_in_a_gap_moves_forward_and_a_repeated_one_is_the_first(string argument, string expected)
    {
        var zone = Zone("America/Los_Angeles");

        Assert.Equal(expected, SessionTimeText.Iso(SessionTimeArgument.ForRun(argument, zone, null, null, Now).Time, zone));
    }

    [Theory]
    [InlineData("hourly", "2024-01-15T20:17:43Z", "hour")]
    [InlineData("daily", "2024-01-15T20:17:43Z", "day")]
    [InlineData("now", "2024-01-15T20:17:43Z", null)]
    [InlineData("2024-03-10", "2024-03-10T00:00:00", null)]
    [InlineData("2024-03-10 02:30:00", "2024-03-10T02:30:00", null)]
    public void Start_leaves_the_zone_to_the_server(string argument, string time, string? truncation)
    {
        var requested = SessionTimeArgument.ForStart(argument, Now);

        Assert.Equal((time, truncation), (requested.Time, requested.Truncation?.Name));
    }

    [Theory]
    [InlineData("schedule")]
    [InlineData("last")]
    [InlineData("2024-03-10T00:00:00+09:00")]
    public void Start_refuses_everything_else(string argument) => Assert.Equal(
        $"--session must be hourly, daily, now, \"yyyy-MM-dd\", or \"yyyy-MM-dd HH:mm:SS\" format: {argument}",
        FailureText.MessageWithKind(Assert.Throws<WorkflowException>(() => SessionTimeArgument.ForStart(argument, Now))));
}
