using NodaTime;
using NodaTime.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Tests.Dig;

namespace WfRunner.Core.Tests.Engine;

/// <summary><c>sla:</c> (engine 18).</summary>
public sealed class SlaTests
{
    private const string TwoTasks = "+a: {echo>: 1}\n+b: {echo>: 2}\n";

    [Theory]
    [InlineData("{duration: '01:30'}", "UTC", "2026-03-04T10:00:00Z", "2026-03-04T11:30:00Z")]
    [InlineData("{duration: 00:00:05}", "UTC", "2026-03-04T10:00:00Z", "2026-03-04T10:00:05Z")]
    [InlineData("{time: '11:00'}", "UTC", "2026-03-04T10:00:00Z", "2026-03-04T11:00:00Z")]
    [InlineData("{time: '09:00:30'}", "UTC", "2026-03-04T10:00:00Z", "2026-03-05T09:00:30Z")]
    [InlineData("{time: '10:00'}", "UTC", "2026-03-04T10:00:00Z", "2026-03-04T10:00:00Z")]
    [InlineData("{time: '01:00'}", "Asia/Tokyo", "2026-03-04T10:00:00Z", "2026-03-04T16:00:00Z")]
    [InlineData("{time: '25:00'}", "UTC", "2026-03-04T10:00:00Z", "2026-03-05T01:00:00Z")]
    [InlineData("{time: '02:30'}", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T01:30:00Z")]
    public void The_deadline_counts_from_the_run_time(string sla, string zone, string from, string deadline) => Assert.Equal(
        deadline,
        InstantPattern.General.Format(Rule(sla)!.DeadlineAfter(InstantPattern.General.Parse(from).Value, DateTimeZoneProviders.Tzdb[zone])));

    [Theory]
    [InlineData("{alert: true}", "SLA must be specified using either the 'time' or 'duration' option")]
    [InlineData("{time: '10:00', duration: '10:00'}", "SLA must be specified using either the 'time' or 'duration' option")]
    [InlineData("{time: '10'}", "SLA time option needs to be HH:MM or HH:MM:SS format: 10")]
    [InlineData("{duration: 90}", "SLA duration option needs to be HH:MM or HH:MM:SS format: 90")]
    [InlineData("{duration: 1h}", "SLA duration option needs to be HH:MM or HH:MM:SS format: 1h")]
    public void A_deadline_that_is_not_clear_is_refused(string sla, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigException>(() => Rule(sla)).Message);

    [Fact]
    public void A_late_attempt_gets_an_alert_and_the_tasks_of_the_section()
    {
        var run = new AttemptSimulation("sla: {duration: '00:01', +late: {echo>: late}}\n" + TwoTasks);
        var first = run.Apply(new AttemptEvent.Started(run.Now));

        Assert.Equal(run.Now + Duration.FromMinutes(1), first.NextDue);
        run.Pass(Duration.FromSeconds(59));
        Assert.Equal(["+wf+a"], run.Running.Select(t => t.FullName));
        run.Pass(Duration.FromSeconds(1));

        Assert.Equal(["+wf+a", "+wf^sla^alert", "+wf^sla+late"], run.Running.Select(t => t.FullName));
        Assert.Null(run.NextDue);
        run.Play();
        Assert.Equal(TaskState.Success, run.StateOf("+wf"));
        Assert.Equal(TaskState.Success, run.StateOf("+wf+b"));
    }

    [Fact]
    public void It_may_fail_the_attempt_and_stops_nothing()
    {
        var run = Late("sla: {duration: '00:01', alert: false, fail: true}\n" + TwoTasks).Play((task, s) => task.LocalConfig["_type"] is ConfigText { Value: "fail" }
            ? new AttemptEvent.TaskFailed(s.Now, task.Id, ConfigMap.Of(("message", task.LocalConfig.GetString("_command"))))
            : null);

        Assert.Equal(["+wf+a", "+wf+b", "+wf^sla^fail", "+wf^failure-alert"], run.Ran);
        Assert.Equal(TaskState.GroupError, run.StateOf("+wf"));
    }

    [Fact]
    public void An_attempt_in_time_gets_nothing()
    {
        var run = new AttemptSimulation("sla: {duration: '00:01'}\n" + TwoTasks).Play();

        Assert.Equal(["+wf+a", "+wf+b"], run.Ran);
        run.Pass(Duration.FromHours(1));
        Assert.Empty(run.Running);
    }

    [Fact]
    public void A_restart_neither_forgets_nor_repeats_it()
    {
        var run = new AttemptSimulation("sla: {duration: '00:01'}\n" + TwoTasks);
        run.Apply(new AttemptEvent.Started(run.Now));
        run.Crash();
        run.Pass(Duration.FromMinutes(2));
        run.Crash();
        run.Pass(Duration.FromMinutes(2));

        Assert.Single(run.Machine.Tasks, t => t.FullName == "+wf^sla^alert");
    }

    [Fact]
    public void A_group_that_is_retried_keeps_its_deadline()
    {
        var run = new AttemptSimulation("sla: {duration: '00:01'}\n_retry: {limit: 3, interval: 40}\n+a: {fail>: x}\n");
        run.Play();

        Assert.Single(run.Machine.Tasks, t => t.FullName == "+wf^sla^alert");
        Assert.Equal(4, run.Ran.Count(n => n == "+wf+a"));
    }

    [Fact]
    public void An_attempt_that_is_being_stopped_is_not_late()
    {
        var run = new AttemptSimulation("sla: {duration: '00:01'}\n" + TwoTasks);
        run.Apply(new AttemptEvent.Started(run.Now));
        run.Apply(new AttemptEvent.CancelRequested(run.Now));
        run.Pass(Duration.FromMinutes(2));

        Assert.DoesNotContain(run.Machine.Tasks, t => t.FullName.Contains("^sla", StringComparison.Ordinal));
    }

    [Fact]
    public void Broken_tasks_of_the_section_are_told_and_the_alert_stays()
    {
        var run = Late("sla: {duration: '00:01', alert: maybe, +late: {echo>: 1, sh>: 2}}\n" + TwoTasks);

        Assert.Equal(["+wf+a", "+wf^sla^alert"], run.Running.Select(t => t.FullName));
        Assert.StartsWith("sla configuration error: ", run.Notices[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("Failed to schedule a session monitor task due to deterministic error.", run.Notices[1].Message, StringComparison.Ordinal);
    }

    private static AttemptSimulation Late(string dig)
    {
        var run = new AttemptSimulation(dig);
        run.Apply(new AttemptEvent.Started(run.Now));
        run.Pass(Duration.FromMinutes(1));
        return run;
    }

    private static SlaRule? Rule(string sla) => SlaRule.Of(MemoryFiles.Workflow($"sla: {sla}\n+a: {{echo>: 1}}\n").Config);
}
