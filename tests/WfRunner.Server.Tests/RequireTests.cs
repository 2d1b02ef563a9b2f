using WfRunner.Core.Config;

namespace WfRunner.Server.Tests;

/// <summary><c>require&gt;</c> on a server: another workflow's attempt, waited for without holding a worker.</summary>
public sealed class RequireTests
{
    private readonly ProbeOperator _probe = new();

    [Fact]
    public async Task The_required_workflow_runs_first_even_with_one_worker()
    {
        await using var server = await RunningServer.StartAsync(_probe, null, null, ("agent.max-task-threads", "1"));
        await server.PushAsync("demo", "r1", ("a.dig", "+r: {require>: b}\n+p: {probe>: after}\n"), ("b.dig", "+p: {probe>: required}\n"));

        await server.StartAttemptAsync();

        Assert.True((await server.EndOfNthAsync(2)).GetBooleanOr("success", false));
        Assert.True((await server.EndOfFirstAsync()).GetBooleanOr("success", false));
        Assert.Equal(["required", "after"], _probe.Calls);
    }

    [Fact]
    public async Task A_session_that_was_run_already_is_not_run_again()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("a.dig", "+r: {require>: b}\n+p: {probe>: after}\n"), ("b.dig", "+p: {probe>: required}\n"));
        await server.StartAttemptAsync(workflowId: "2");
        await server.EndOfFirstAsync();

        await server.StartAttemptAsync(workflowId: "1");

        Assert.True((await server.EndOfNthAsync(2)).GetBooleanOr("success", false));
        Assert.Equal(["required", "after"], _probe.Calls);
    }

    [Fact]
    public async Task Its_failure_is_the_tasks_failure()
    {
        await using var server = await RunningServer.StartAsync(_probe);
        await server.PushAsync("demo", "r1", ("a.dig", "+r: {require>: b}\n+p: {probe>: after}\n"), ("b.dig", "+p: {require>: nobody}\n"));

        await server.StartAttemptAsync();

        Assert.False((await server.EndOfFirstAsync()).GetBooleanOr("success", true));
        Assert.Contains("+a+r=error", await server.StatesAsync("1"));
        Assert.Empty(_probe.Calls);
    }
}
