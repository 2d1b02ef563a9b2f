using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;
using WfRunner.Operators.Control;

namespace WfRunner.Operators.Tests.Control;

/// <summary>The steps of require&gt; against answers in a given order; whole runs are tested with real attempts elsewhere.</summary>
public sealed class RequireOperatorTests : IDisposable, IWorkflowStarter
{
    private static readonly RequiredAttempt Started = new(new SessionId(7), new AttemptId(8), IsNew: true, IsDone: false, IsSuccess: false);
    private static readonly RequiredAttempt Running = Started with { IsNew = false };
    private static readonly RequiredAttempt Failed = Running with { IsDone = true };
    private static readonly RequiredAttempt Succeeded = Failed with { IsSuccess = true };

    private readonly OperatorTestContext _context = new();
    private readonly RequireOperator _require = new();
    private readonly Queue<RequiredAttempt> _answers = new();
    private readonly List<WorkflowWish> _wishes = [];

    public RequireOperatorTests() => _context.Workflows = this;

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task It_waits_longer_and_longer_until_the_workflow_is_done()
    {
        var pauses = await RunAsync("require>: child", Started, Running, Running, Running, Running, Running, Succeeded);

        Assert.Equal([1, 2, 4, 8, 10, 10, 1], pauses);
    }

    [Fact]
    public async Task A_failed_workflow_fails_the_task()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("require>: child", Started, Failed));

        Assert.Equal("Dependent workflow failed. Session id: 7, attempt id: 8", failure.Message);
    }

    [Fact]
    public async Task A_failure_may_be_ignored() => Assert.Equal([1], await RunAsync("require>: child\nignore_failure: true", Failed));

    [Theory]
    [InlineData("all", true, true)]
    [InlineData("all", false, true)]
    [InlineData("failed", true, false)]
    [InlineData("failed", false, true)]
    [InlineData("none", true, false)]
    public async Task What_ran_before_is_repeated_on_demand(string rerunOn, bool hadSucceeded, bool isRepeated)
    {
        var before = hadSucceeded ? Succeeded : Failed;

        await RunAsync($"require>: child\nrerun_on: {rerunOn}", isRepeated ? [before, Started, Succeeded] : [before]);

        Assert.Null(_wishes[0].RetryAttemptName);
        Assert.Equal(isRepeated ? 3 : 1, _wishes.Count);
        Assert.All(_wishes.Skip(1), w => Assert.True(Guid.TryParse(w.RetryAttemptName, out _)));
    }

    [Fact]
    public async Task Its_own_attempt_is_not_repeated_again()
    {
        await RunAsync("require>: child\nrerun_on: all", Started, Succeeded);

        Assert.Equal(2, _wishes.Count);
    }

    [Fact]
    public async Task The_wish_says_what_the_task_says()
    {
        await RunAsync("require>: child\nsession_time: 2016-01-01T09:00:00+09:00\nproject_name: other\nparams: {a: 1}\nretry_attempt_name: again", Succeeded);

        var wish = Assert.Single(_wishes);
        Assert.Equal(Instant.FromUtc(2016, 1, 1, 0, 0), wish.SessionTime);
        Assert.Equal("other", wish.ProjectName);
        Assert.Equal("again", wish.RetryAttemptName);
        Assert.Equal("""{"a":1}""", ConfigJson.Write(wish.Params));
    }

    [Theory]
    [InlineData("require>: child\nproject_id: 1\nproject_name: p", "Both project_id and project_name can't be set")]
    [InlineData("require>: child\nrerun_on: never", "invalid rerun_on option:never")]
    [InlineData("require>: child\nsession_time: yesterday", "Invalid session_time: yesterday (write it as 2016-01-01T00:00:00+00:00)")]
    public async Task Wrong_options_are_refused(string task, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<ConfigException>(() => RunAsync(task))).Message);

    [Theory]
    [InlineData("require>: none", "Dependent workflow does not exist. projectId: 1, workflowName:none")]
    [InlineData("require>: none\nproject_id: 5", "Dependent workflow does not exist. projectId: 5, workflowName:none")]
    [InlineData("require>: none\nproject_name: p", "Dependent workflow does not exist. projectName: p, workflowName:none")]
    public async Task A_missing_workflow_is_named(string task, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync(task))).Message);

    [Fact]
    public async Task A_workflow_cannot_wait_for_itself()
    {
        var own = Running with { AttemptId = new AttemptId(3) };

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("require>: wf", own));

        Assert.Equal("Workflow 'wf' requires its own session; it would wait for itself for ever", failure.Message);
    }

    Task<RequiredAttempt> IWorkflowStarter.StartAsync(WorkflowWish wish, CancellationToken cancellationToken)
    {
        _wishes.Add(wish);
        return wish.WorkflowName == "none"
            ? throw new WorkflowException(FailureKind.ResourceNotFound, "none")
            : Task.FromResult(_answers.Dequeue());
    }

    // Calls the operator until it ends; the pauses it asked for, in seconds.
    private async Task<IReadOnlyList<int>> RunAsync(string task, params RequiredAttempt[] answers)
    {
        Array.ForEach(answers, _answers.Enqueue);
        var request = OperatorTestContext.Request(task);
        var pauses = new List<int>();
        while (await _require.RunAsync(request, _context, TestContext.Current.CancellationToken) is OperatorOutcome.Polling polling)
        {
            pauses.Add((int)polling.Interval.TotalSeconds);
            request = request with { StateParams = polling.StateParams };
        }

        Assert.Empty(_answers);
        return pauses;
    }
}
