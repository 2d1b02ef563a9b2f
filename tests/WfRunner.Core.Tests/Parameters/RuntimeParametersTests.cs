using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Parameters;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Tests.Parameters;

public sealed class RuntimeParametersTests
{
    [Fact]
    public void The_variables_come_in_Digdags_order_types_and_forms() => Assert.Equal<string>(
        [
            "timezone=\"America/Los_Angeles\"", "session_uuid=\"00000000-0000-0000-0000-000000000001\"", "session_time=\"2016-01-30T00:00:00-08:00\"",
            "session_id=2", "session_date=\"2016-01-30\"", "session_date_compact=\"20160130\"", "session_local_time=\"2016-01-30 00:00:00\"",
            "session_tz_offset=\"-0800\"", "session_unixtime=1454140800", "last_executed_session_time=\"\"", "last_executed_session_date=\"\"",
            "last_executed_session_date_compact=\"\"", "last_executed_session_local_time=\"\"", "last_executed_session_unixtime=\"\"",
            "last_executed_session_tz_offset=\"-0800\"", "project_id=1", "attempt_id=3", "task_name=\"+wf+a\"",
        ],
        Build("America/Los_Angeles", ConfigMap.Empty).Select(e => $"{e.Key}={e.Value}"));

    [Fact]
    public void UTC_prints_an_offset_and_no_letter() => Assert.Equal("2016-01-30T08:00:00+00:00", Build("UTC", ConfigMap.Empty).GetString("session_time"));

    [Fact]
    public void Neighbours_that_are_parameters_get_derived_variables()
    {
        var variables = Build("Asia/Tokyo", ConfigMap.Of(
            ("last_session_time", "2016-01-29T00:00:00+09:00"),
            ("next_session_time", "2016-01-31T00:00:00+09:00"),
            ("last_executed_session_time", "2016-01-28T00:00:00+09:00")));

        Assert.Equal("2016-01-29", variables.GetString("last_session_date"));
        Assert.Equal(1454166000, variables.GetInt64("next_session_unixtime"));
        Assert.Equal("2016-01-28 00:00:00", variables.GetString("last_executed_session_local_time"));
        Assert.False(variables.Has("last_session_time"));
    }

    [Theory]
    [InlineData("2016-01-29T00:00:00Z")]
    [InlineData("2016-01-29")]
    [InlineData("yesterday")]
    public void A_neighbour_of_another_form_is_left_out(string time) =>
        Assert.False(Build("UTC", ConfigMap.Of(("last_session_time", time))).Has("last_session_date"));

    [Fact]
    public void A_named_attempt_has_its_name() =>
        Assert.Equal("again", Build("UTC", ConfigMap.Empty, "again").GetString("retry_attempt_name"));

    private static ConfigMap Build(string zone, ConfigMap parameters, string? retryName = null) => RuntimeParameters.Build(
        new AttemptInfo
        {
            ProjectId = new ProjectId(1),
            ProjectName = "default",
            WorkflowName = "wf",
            SessionId = new SessionId(2),
            SessionUuid = new Guid("00000000-0000-0000-0000-000000000001"),
            SessionTime = Instant.FromUtc(2016, 1, 30, 8, 0),
            TimeZone = TimeZoneId.TryParse(zone, out var found) ? found : DateTimeZone.Utc,
            AttemptId = new AttemptId(3),
            RetryAttemptName = retryName,
            CreatedAt = Instant.FromUtc(2016, 1, 30, 8, 0),
            Params = ConfigMap.Empty,
        },
        "+wf+a",
        parameters);
}
