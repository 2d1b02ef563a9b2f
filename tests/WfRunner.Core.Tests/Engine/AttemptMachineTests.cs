using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Tests.Engine;

public sealed class AttemptMachineTests
{
    [Fact]
    public void Tasks_of_a_sequence_run_one_after_the_other_and_all_succeed()
    {
        var run = new AttemptSimulation("+a: {echo>: 1}\n+b: {echo>: 2}\n").Play();

        Assert.Equal(["+wf+a", "+wf+b"], run.Ran);
        Assert.All(run.Machine.Tasks, t => Assert.Equal(TaskState.Success, t.State));
        Assert.Equal([run.Machine.Tasks.ElementAt(1).Id], run.Machine.Tasks.ElementAt(2).Upstreams);
    }

    [Fact]
    public void A_failure_leaves_what_depends_on_it_blocked_and_adds_the_alert()
    {
        var run = new AttemptSimulation("+a: {fail>: x}\n+b: {echo>: 2}\n").Play();

        Assert.Equal(TaskState.Error, run.StateOf("+wf+a"));
        Assert.Equal(TaskState.Blocked, run.StateOf("+wf+b"));
        Assert.Equal(TaskState.GroupError, run.StateOf("+wf"));
        Assert.Equal(TaskState.Success, run.StateOf("+wf^failure-alert"));
        Assert.True(run.Machine.Root.Error.IsEmpty);
    }

    [Fact]
    public void A_failing_sibling_does_not_interrupt_a_running_one()
    {
        var run = new AttemptSimulation("_parallel: true\n+bad: {fail>: x}\n+slow: {echo>: 1}\n").Play();

        Assert.Equal(["+wf+bad", "+wf+slow", "+wf^failure-alert"], run.Ran);
        Assert.Equal(TaskState.Success, run.StateOf("+wf+slow"));
        Assert.Equal(TaskState.GroupError, run.StateOf("+wf"));
    }

    [Fact]
    public void A_limit_of_parallel_tasks_is_a_barrier_between_chunks()
    {
        var run = new AttemptSimulation("_parallel: {limit: 2}\n+a: {fail>: x}\n+b: {echo>: 1}\n+c: {echo>: 1}\n+d: {echo>: 1}\n+e: {echo>: 1}\n").Play();

        Assert.Equal(["+wf+a", "+wf+b", "+wf^failure-alert"], run.Ran);
        Assert.Equal(TaskState.Blocked, run.StateOf("+wf+c"));
    }

    [Fact]
    public void A_background_task_starts_with_its_group()
    {
        var run = new AttemptSimulation("+a: {echo>: 1}\n+b: {echo>: 1}\n+c: {_background: true, echo>: 1}\n+d: {echo>: 1}\n");
        var changes = run.Apply(new AttemptEvent.Started(run.Now));

        Assert.Equal(["+wf+a", "+wf+c"], changes.ToRun.Select(t => t.FullName));
    }

    [Fact]
    public void An_error_handler_sees_the_error_and_does_not_change_the_outcome()
    {
        var run = new AttemptSimulation("+a: {fail>: boom, _error: {echo>: x}}\n").Play();

        var handler = run.Machine.Tasks.Single(t => t.FullName == "+wf+a^error");
        Assert.Equal("boom", handler.ExportConfig.GetMap("error").GetString("message"));
        Assert.Equal(TaskState.Error, run.StateOf("+wf+a"));
        Assert.Equal(TaskState.Success, handler.State);
    }

    [Fact]
    public void The_error_of_a_group_is_that_of_its_last_failed_descendant_in_tree_order()
    {
        var run = new AttemptSimulation(
            "_parallel: true\n+g: {+x: {fail>: first}}\n+y: {fail>: second}\n_error: {echo>: x}\n")
            .Play(choose: count => count - 1);

        var handler = run.Machine.Tasks.Single(t => t.FullName == "+wf^error");
        Assert.Equal("second", handler.ExportConfig.GetMap("error").GetString("message"));
    }

    [Fact]
    public void A_failing_check_makes_its_task_a_group_error()
    {
        var run = new AttemptSimulation("+a: {echo>: 1, _check: {fail>: no}}\n").Play();

        Assert.Equal(["+wf+a", "+wf+a^check", "+wf^failure-alert"], run.Ran);
        Assert.Equal(TaskState.GroupError, run.StateOf("+wf+a"));
    }

    [Fact]
    public void Generated_tasks_run_below_the_task_that_made_them()
    {
        var run = new AttemptSimulation("+l: {loop>: 2, _do: {echo>: 1}}\n+z: {echo>: 1}\n").Play((task, s) => task.FullName == "+wf+l"
            ? new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult
            {
                SubtaskConfig = ConfigMap.Of(("+loop-0", ConfigMap.Of(("echo>", "0"))), ("+loop-1", ConfigMap.Of(("echo>", "1")))),
            })
            : null);

        Assert.Equal(["+wf+l", "+wf+l^sub+loop-0", "+wf+l^sub+loop-1", "+wf+z"], run.Ran);
    }

    [Fact]
    public void A_broken_generated_task_fails_the_task_that_made_it()
    {
        var run = new AttemptSimulation("+l: {loop>: 2}\n").Play((task, s) => task.FullName == "+wf+l"
            ? new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult { SubtaskConfig = ConfigMap.Of(("foo", 1)) })
            : null);

        Assert.Equal(TaskState.Error, run.StateOf("+wf+l"));
        Assert.Contains(run.Notices, n => n.Message.StartsWith("Configuration error at task +wf+l: Validating workflow failed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_group_retry_runs_all_tasks_of_the_group_anew()
    {
        var failures = 0;
        var run = new AttemptSimulation("+g:\n  _retry: {limit: 3, interval: 10}\n  +a: {echo>: 1}\n  +b: {echo>: 1}\n+z: {echo>: 1}\n")
            .Play((task, s) => task.FullName == "+wf+g+b" && failures++ < 2
                ? new AttemptEvent.TaskFailed(s.Now, task.Id, ConfigMap.Of(("message", "not yet")))
                : null);

        Assert.Equal(["+wf+g+a", "+wf+g+b", "+wf+g+a", "+wf+g+b", "+wf+g+a", "+wf+g+b", "+wf+z"], run.Ran);
        Assert.Equal(TaskState.Success, run.StateOf("+wf"));
        Assert.Equal(Duration.FromSeconds(20), run.Now - Instant.FromUtc(2026, 1, 2, 3, 4, 5));
    }

    [Fact]
    public void Every_round_of_a_nested_group_with_its_own_retry_runs()
    {
        var run = new AttemptSimulation("+g:\n  _retry: 1\n  +h:\n    _retry: 1\n    +a: {fail>: x}\n").Play();

        Assert.Equal(4, run.Ran.Count(n => n == "+wf+g+h+a"));
    }

    [Fact]
    public void A_retry_of_a_group_that_is_no_number_is_ignored_with_a_warning()
    {
        var run = new AttemptSimulation("+g:\n  _retry: ${n}\n  +a: {fail>: x}\n").Play();

        Assert.Single(run.Ran, "+wf+g+a");
        Assert.Contains(run.Notices, n => n.Message.StartsWith("Ignore retry parameter because of invalid retry configuration.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_poll_waits_and_counts_but_uses_up_no_retry()
    {
        var polls = 0;
        var run = new AttemptSimulation("+a: {x>: 1}\n").Play((task, s) => polls++ < 3
            ? new AttemptEvent.TaskToRetry(s.Now, task.Id, Duration.FromSeconds(5), ConfigMap.Of(("n", polls)))
            : null);

        var task = run.Machine.Tasks.Single(t => t.FullName == "+wf+a");
        Assert.Equal(3, task.RetryCount);
        Assert.Equal(3, task.StateParams.GetInt32("n"));
        Assert.Equal(TaskState.Success, task.State);
    }

    [Fact]
    public void A_kill_cancels_what_runs_and_starts_nothing_new()
    {
        var run = new AttemptSimulation("+a: {echo>: 1, _error: {echo>: e}}\n+b: {echo>: 2}\n_error: {echo>: e}\n").Play((task, s) =>
        {
            s.Apply(new AttemptEvent.CancelRequested(s.Now));
            return new AttemptEvent.TaskFailed(s.Now, task.Id, ConfigMap.Of(("message", "killed")));
        });

        Assert.Equal(["+wf+a"], run.Ran);
        Assert.Equal(TaskState.Canceled, run.StateOf("+wf+a"));
        Assert.Equal(TaskState.Blocked, run.StateOf("+wf+b"));
        Assert.Equal(TaskState.Canceled, run.StateOf("+wf"));
    }

    [Fact]
    public void A_kill_wakes_a_waiting_task_at_once()
    {
        var run = new AttemptSimulation("+a: {x>: 1}\n");
        run.Apply(new AttemptEvent.Started(run.Now));
        var task = run.Running.Single();
        run.Apply(new AttemptEvent.TaskToRetry(run.Now, task.Id, Duration.FromHours(1), ConfigMap.Empty));

        var changes = run.Apply(new AttemptEvent.CancelRequested(run.Now));

        Assert.True(Assert.Single(changes.ToRun).IsCancelRequested);
    }

    [Fact]
    public void Copies_of_a_retried_group_may_be_more_than_the_limit()
    {
        var round = 0;
        var run = new AttemptSimulation("+g:\n  _retry: 1\n  +a: {echo>: 1}\n  +b: {echo>: 1}\n  +c: {fail>: x}\n", maximumTasks: 6)
            .Play((task, s) => task.FullName == "+wf+g+c" && ++round == 2 ? new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult()) : null);

        Assert.Equal(TaskState.Success, run.StateOf("+wf"));
    }

    [Fact]
    public void Too_many_tasks_are_refused_before_anything_runs()
    {
        var refused = Assert.Throws<WorkflowException>(() => new AttemptSimulation("+a: {echo>: 1}\n+b: {echo>: 1}\n+c: {echo>: 1}\n+d: {echo>: 1}\n", maximumTasks: 3));

        Assert.Equal("Too many tasks. Limit: 3, Current: 1, Adding: 5", refused.Message);
    }

    [Theory]
    [InlineData("+ab: {echo>: 1}\n", 6, null)]
    [InlineData("+ab: {echo>: 1}\n", 5, "Too long name of a task. Limit: 5 bytes, Current: 6, Name: +wf+ab")]
    public void Names_of_tasks_may_be_limited_in_bytes(string dig, int bytes, string? message)
    {
        var refused = Record.Exception(() => new AttemptSimulation(dig, limits: new TaskLimits(1000, bytes)));

        Assert.Equal(message, refused?.Message);
    }

    [Fact]
    public void A_disabled_group_succeeds_without_children()
    {
        var run = new AttemptSimulation("+g: {_disable: true, +x: {fail>: x}}\n+z: {echo>: 1}\n").Play();

        Assert.Equal(["+wf+z"], run.Ran);
        Assert.Equal(TaskState.Success, run.StateOf("+wf+g"));
    }

    [Fact]
    public void A_resumed_task_counts_as_done_and_its_stores_are_seen()
    {
        var first = new AttemptSimulation("+a: {x>: 1}\n+b: {fail>: x}\n").Play((task, s) => task.FullName == "+wf+a"
            ? new AttemptEvent.TaskSucceeded(s.Now, task.Id, new TaskResult { StoreParams = ConfigMap.Of(("v", 7)) })
            : null);
        var done = first.Machine.Tasks.Where(t => t.State == TaskState.Success).ToDictionary(t => t.FullName);

        ConfigMap? seen = null;
        var second = new AttemptSimulation("+a: {x>: 1}\n+b: {y>: x}\n", resumable: done).Play((task, s) =>
        {
            seen = s.Machine.ParametersOf(task.Id);
            return null;
        });

        Assert.Equal(["+wf+b"], second.Ran);
        Assert.Equal(7, seen!.GetInt32("v"));
        Assert.NotNull(second.Machine.Tasks.Single(t => t.FullName == "+wf+a").ResumingTaskId);
    }

    [Fact]
    public void After_a_crash_only_tasks_that_had_not_succeeded_run_again()
    {
        var crashed = false;
        var run = new AttemptSimulation("+a: {echo>: 1}\n+b: {echo>: 1}\n+c: {echo>: 1}\n").Play((task, s) =>
        {
            if (task.FullName == "+wf+b" && !crashed)
            {
                crashed = true;
                s.Crash();
                return new AttemptEvent.TimePassed(s.Now);
            }

            return null;
        });

        Assert.Equal(["+wf+a", "+wf+b", "+wf+b", "+wf+c"], run.Ran);
    }

    [Fact]
    public void A_second_report_about_a_task_is_ignored()
    {
        var run = new AttemptSimulation("+a: {echo>: 1}\n+b: {echo>: 1}\n");
        run.Apply(new AttemptEvent.Started(run.Now));
        var first = run.Running.Single(t => t.FullName == "+wf+a");
        run.Apply(new AttemptEvent.TaskSucceeded(run.Now, first.Id, TaskResult.Empty));

        var changes = run.Apply(new AttemptEvent.TaskFailed(run.Now, first.Id, ConfigMap.Empty));

        Assert.Empty(changes.Tasks);
        Assert.Equal(TaskState.Success, run.StateOf("+wf+a"));
    }

    [Fact]
    public void An_unknown_task_is_ignored()
    {
        var run = new AttemptSimulation("+a: {echo>: 1}\n");
        run.Apply(new AttemptEvent.Started(run.Now));

        Assert.Empty(run.Apply(new AttemptEvent.TaskSucceeded(run.Now, new TaskId(99), TaskResult.Empty)).Tasks);
    }
}
