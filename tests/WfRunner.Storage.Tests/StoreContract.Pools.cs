using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Pools;
using WfRunner.Storage.Projects;

namespace WfRunner.Storage.Tests;

public abstract partial class StoreContract
{
    private const int SiteLimit = 4;

    [Fact]
    public async Task The_default_pool_has_what_the_other_pools_leave()
    {
        Assert.Equal([("default", SiteLimit, true)], await PoolsAsync());

        var created = await CreatePoolAsync("act", 1);
        Assert.Equal([("default", 3, true), ("act", 1, false)], await PoolsAsync());

        await _store.Pools.UpdateAsync(Site, SiteLimit, created.Id, new PoolChange("acts", 2), Cancellation);
        Assert.Equal([("default", 2, true), ("acts", 2, false)], await PoolsAsync());

        Assert.True(await _store.Pools.DeleteAsync(Site, created.Id, Cancellation));
        Assert.False(await _store.Pools.DeleteAsync(Site, created.Id, Cancellation));
        Assert.Equal([("default", SiteLimit, true)], await PoolsAsync());
    }

    [Fact]
    public async Task What_pools_cannot_be_is_refused()
    {
        var act = await CreatePoolAsync("act", 1);
        var standard = (await _store.Pools.ListAsync(Site, SiteLimit, Cancellation))[0].Id;

        Assert.Equal(FailureKind.ResourceConflict, (await Refused(() => CreatePoolAsync("act", 1))).Kind);
        Assert.Equal(
            "The pools would exceed the limit of all attempts by 1: pool default has 3 left to give", (await Refused(() => CreatePoolAsync("big", 4))).Message);
        Assert.StartsWith(
            "The default pool cannot be changed",
            (await Refused(() => _store.Pools.UpdateAsync(Site, SiteLimit, standard, new PoolChange(null, 1), Cancellation))).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The default pool cannot be deleted", (await Refused(() => _store.Pools.DeleteAsync(Site, standard, Cancellation))).Message, StringComparison.Ordinal);
        Assert.Null(await _store.Pools.UpdateAsync(Site, SiteLimit, new PoolId(99), new PoolChange("x", null), Cancellation));

        await CreateRuleAsync(act.Id, 1, new PoolCondition(PoolConditionType.ProjectName, ["act_"]));
        Assert.Equal("Pool act is named by a pool rule. Delete the rule first", (await Refused(() => _store.Pools.DeleteAsync(Site, act.Id, Cancellation))).Message);
    }

    [Fact]
    public async Task Rules_are_tried_by_priority_and_keep_their_conditions()
    {
        var act = await CreatePoolAsync("act", 1);
        PoolCondition[] conditions =
        [
            new(PoolConditionType.WorkflowName, ["daily", "hourly"]),
            new(PoolConditionType.InvocationType, ["scheduled"]),
        ];
        var late = await CreateRuleAsync(act.Id, 20, conditions);
        var early = await CreateRuleAsync(act.Id, 10, new PoolCondition(PoolConditionType.WorkflowType, ["audience"]));

        var rules = await _store.Pools.ListRulesAsync(Site, Cancellation);
        Assert.Equal([early.Id, late.Id], rules.Select(r => r.Id));
        Assert.Equal(conditions.Select(c => (c.Type, string.Join(',', c.Values))), rules[1].Conditions.Select(c => (c.Type, string.Join(',', c.Values))));

        Assert.Equal("priority 10 is used by another pool rule", (await Refused(() => CreateRuleAsync(act.Id, 10, conditions))).Message);
        Assert.Equal(FailureKind.ResourceNotFound, (await Refused(() => CreateRuleAsync(new PoolId(99), 30, conditions))).Kind);
        Assert.Equal(5, (await _store.Pools.UpdateRuleAsync(Site, late.Id, new PoolRuleChange(null, 5, null), Cancellation))!.Priority);
        Assert.Equal([late.Id, early.Id], (await _store.Pools.ListRulesAsync(Site, Cancellation)).Select(r => r.Id));
        Assert.True(await _store.Pools.DeleteRuleAsync(Site, late.Id, Cancellation));
        Assert.Null(await _store.Pools.UpdateRuleAsync(Site, late.Id, new PoolRuleChange(null, 5, null), Cancellation));
    }

    [Fact]
    public async Task A_full_pool_refuses_who_may_not_wait_and_queues_who_may()
    {
        var (act, workflow) = await ActAsync();
        var running = await StartInAsync(workflow, 1, queue: 0);
        Assert.Equal(((PoolId?)act, false), (running.Attempt.Pool, running.Attempt.IsQueued));

        Assert.Equal("Too many attempts running. Limit: 1, Current: 1", (await Refused(() => TryStartInAsync(workflow, 2, queue: 0))).Message);
        var queued = await StartInAsync(workflow, 2, queue: 1);
        Assert.Equal((true, null), (queued.Attempt.IsQueued, queued.Lease));
        Assert.Empty(await _store.Attempts.ListTasksAsync(queued.Attempt.Id, Cancellation));
        Assert.Equal("Too many attempts queued. Limit: 1, Current: 1", (await Refused(() => TryStartInAsync(workflow, 3, queue: 1))).Message);

        var other = Assert.Single(await _store.Projects.ListWorkflowsAsync((await PushAsync("other", "r1")).LatestRevision.Id, null, Cancellation));
        Assert.False((await StartInAsync(other, 1, queue: 1)).Attempt.IsQueued);
    }

    [Fact]
    public async Task Queued_attempts_go_on_in_order_when_there_is_room()
    {
        var (_, workflow) = await ActAsync();
        var running = await StartInAsync(workflow, 1, queue: 9);
        var second = await StartInAsync(workflow, 2, queue: 9);
        var third = await StartInAsync(workflow, 3, queue: 9);
        Assert.Empty(await AcquireAsync("b", Start));
        Assert.Equal([third.Attempt.Id, second.Attempt.Id], await ListAsync(AttemptStatuses.Queued));
        Assert.Equal([running.Attempt.Id], await ListAsync(AttemptStatuses.Running));
        Assert.All(await _store.Overview.ListQueuedAsync(Site, 10, Cancellation), q => Assert.Equal("act", q.WaitsForPool));

        await _store.Attempts.SaveAsync(running.Lease!, [], new AttemptEnd(Start, true), Cancellation);

        var next = Assert.Single(await AcquireAsync("b", Start));
        Assert.Equal((second.Attempt.Id, false), (next.Attempt.Id, next.Attempt.IsQueued));
        Assert.Equal(Start, next.Attempt.RunTime);
        Assert.Empty(await AcquireAsync("b", Start));
    }

    [Fact]
    public async Task A_larger_limit_lets_queued_attempts_go_on()
    {
        var (act, workflow) = await ActAsync();
        await StartInAsync(workflow, 1, queue: 9);
        var queued = await StartInAsync(workflow, 2, queue: 9);

        await _store.Pools.UpdateAsync(Site, SiteLimit, act, new PoolChange(null, 2), Cancellation);

        Assert.Equal(queued.Attempt.Id, Assert.Single(await AcquireAsync("b", Start)).Attempt.Id);
        Assert.Equal(
            "concurrencyLimit of pool act would be 1, but 2 attempts are running in it",
            (await Refused(() => _store.Pools.UpdateAsync(Site, SiteLimit, act, new PoolChange(null, 1), Cancellation))).Message);
        Assert.Equal(
            "Pool act has unfinished attempts: 2. Wait until they end, or kill them", (await Refused(() => _store.Pools.DeleteAsync(Site, act, Cancellation))).Message);
    }

    [Fact]
    public async Task A_queued_attempt_that_is_killed_is_done_and_makes_room_in_the_queue()
    {
        var (_, workflow) = await ActAsync();
        await StartInAsync(workflow, 1, queue: 1);
        var queued = await StartInAsync(workflow, 2, queue: 1);

        Assert.Equal(CancelOutcome.EndedAtOnce, await CancelAsync(queued.Attempt.Id));

        var killed = await _store.Attempts.FindAsync(Site, queued.Attempt.Id, Cancellation);
        Assert.Equal((true, false), (killed!.IsDone, killed.IsQueued));
        Assert.True((await StartInAsync(workflow, 3, queue: 1)).Attempt.IsQueued);
    }

    [Fact]
    public async Task Without_pools_the_tenants_limit_is_that_of_the_default_pool()
    {
        var workflow = await WorkflowAsync();
        for (var hour = 0; hour < SiteLimit; hour++)
        {
            Assert.Null((await StartInAsync(workflow, hour, queue: 0)).Attempt.Pool);
        }

        Assert.Equal("Too many attempts running. Limit: 4, Current: 4", (await Refused(() => TryStartInAsync(workflow, 9, queue: 0))).Message);
        Assert.True((await StartInAsync(workflow, 9, queue: 1)).Attempt.IsQueued);
    }

    [Fact]
    public async Task Queued_announcements_keep_their_order()
    {
        var (_, workflow) = await ActAsync();
        var announced = await _store.Attempts.AnnounceAsync(
            [.. new[] { 1, 2, 3 }.Select(d => Backfill(workflow, d) with { MaximumRunning = SiteLimit, MaximumQueued = 9 })], Cancellation);
        Assert.Equal([false, true, true], announced.Select(a => a.IsQueued));

        foreach (var expected in announced)
        {
            var next = Assert.Single(await AcquireAsync("b", Start));
            Assert.Equal(expected.Id, next.Attempt.Id);
            Assert.Null(next.Attempt.RunTime);
            await _store.Attempts.SaveAsync(next.Lease, [], new AttemptEnd(Start, true), Cancellation);
        }
    }

    private static async Task<WorkflowException> Refused(Func<Task> action) => await Assert.ThrowsAnyAsync<WorkflowException>(action);

    // A pool of one for projects whose names start with act_, and a workflow of such a project.
    private async Task<(PoolId Pool, StoredWorkflow Workflow)> ActAsync()
    {
        var act = await CreatePoolAsync("act", 1);
        await CreateRuleAsync(act.Id, 1, new PoolCondition(PoolConditionType.ProjectName, ["act_"]));
        var project = await PushAsync("act_x", "r1");
        return (act.Id, Assert.Single(await _store.Projects.ListWorkflowsAsync(project.LatestRevision.Id, null, Cancellation)));
    }

    private async Task<IEnumerable<(string Name, int Limit, bool IsDefault)>> PoolsAsync() =>
        (await _store.Pools.ListAsync(Site, SiteLimit, Cancellation)).Select(p => (p.Name, p.Limit, p.IsDefault));

    private Task<StoredPool> CreatePoolAsync(string name, int limit) => _store.Pools.CreateAsync(Site, SiteLimit, name, limit, Cancellation);

    private Task<StoredPoolRule> CreateRuleAsync(PoolId pool, int priority, params PoolCondition[] conditions) =>
        _store.Pools.CreateRuleAsync(Site, pool, priority, conditions, Cancellation);

    private Task<StartOutcome> TryStartInAsync(StoredWorkflow workflow, int hour, int queue) => TryStartAsync(Request(workflow) with
    {
        SessionTime = Start + Duration.FromHours(hour),
        MaximumRunning = SiteLimit,
        MaximumQueued = queue,
        RunTime = Start,
    });

    private async Task<StartOutcome.Started> StartInAsync(StoredWorkflow workflow, int hour, int queue) =>
        Assert.IsType<StartOutcome.Started>(await TryStartInAsync(workflow, hour, queue));

    private async Task<IEnumerable<AttemptId>> ListAsync(AttemptStatuses statuses) =>
        (await _store.Attempts.ListAsync(Site, new AttemptQuery { Count = 10, Statuses = statuses }, Cancellation)).Select(a => a.Id);
}
