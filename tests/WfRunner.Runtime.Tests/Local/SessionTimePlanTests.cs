using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Local;

namespace WfRunner.Runtime.Tests.Local;

public sealed class SessionTimePlanTests
{
    private static readonly DateTimeZone Tokyo = DateTimeZoneProviders.Tzdb["Asia/Tokyo"];
    private static readonly Instant Now = InstantPattern.General.Parse("2016-12-08T11:16:02Z").Value;

    [Theory]
    [InlineData("daily", "2016-12-08T00:00:00+09:00")]
    [InlineData("hourly", "2016-12-08T20:00:00+09:00")]
    [InlineData("2016-01-02", "2016-01-02T00:00:00+09:00")]
    [InlineData("2016-01-02 03:04:05", "2016-01-02T03:04:05+09:00")]
    public void A_named_time_is_taken_without_a_word(string argument, string expected)
    {
        var plan = SessionTimePlan.Of(argument, Tokyo, null, null, Now);

        Assert.Equal(expected, SessionTimeText.Iso(plan.Time, Tokyo));
        Assert.Null(plan.Notice);
    }

    [Fact]
    public void Without_an_argument_a_schedule_decides_and_says_so()
    {
        var scheduler = SchedulerFactory.Create(ConfigMap.Of(("schedule", ConfigMap.Of(("daily>", "07:00:00")))), Tokyo);

        var plan = SessionTimePlan.Of("last", Tokyo, scheduler, null, Now);

        Assert.Equal("Using a new session time 2016-12-08T00:00:00+09:00 based on schedule.", plan.Notice);
    }

    [Fact]
    public void An_earlier_session_is_used_again()
    {
        var earlier = InstantPattern.General.Parse("2016-12-01T15:00:00Z").Value;

        var plan = SessionTimePlan.Of("last", Tokyo, null, earlier, Now);

        Assert.Equal("Reusing the last session time 2016-12-02T00:00:00+09:00.", plan.Notice);
        Assert.Equal(earlier, plan.Time);
    }

    [Fact]
    public void A_time_that_a_zone_skips_moves_forward_by_the_gap()
    {
        var losAngeles = DateTimeZoneProviders.Tzdb["America/Los_Angeles"];

        var plan = SessionTimePlan.Of("2016-03-13 02:30:00", losAngeles, null, null, Now);

        Assert.Equal("2016-03-13T03:30:00-07:00", SessionTimeText.Iso(plan.Time, losAngeles));
    }

    [Theory]
    [InlineData("now")]
    [InlineData("2016-1-1")]
    [InlineData("2016-02-30")]
    [InlineData("2016-01-02 25:00:00")]
    [InlineData("")]
    public void Anything_else_is_refused_with_the_forms_that_are_taken(string argument)
    {
        var refused = Assert.Throws<ConfigException>(() => SessionTimePlan.Of(argument, Tokyo, null, null, Now));

        Assert.StartsWith("--session must be hourly, daily, last, ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_word_schedule_needs_a_schedule() =>
        Assert.Throws<WorkflowException>(() => SessionTimePlan.Of("schedule", Tokyo, null, null, Now));
}
