using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Dig;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Triggers;

namespace WfRunner.Storage.Tests;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Success_fires_the_triggers_that_wait_for_the_workflow_in_the_same_transaction()
    {
        var upstream = await WorkflowAsync();
        var downstream = await PushTriggeredAsync("report", "r1", "demo", "wf");
        await PushTriggeredAsync("elsewhere", "r1", "demo", "another");
        var started = await StartAsync(upstream);
        Assert.Empty(await FiringsAsync());

        await _store.Attempts.SaveAsync(started.Lease!, [], new AttemptEnd(Start, IsSuccess: true), Cancellation);

        var firing = Assert.Single(await FiringsAsync());
        Assert.Equal((started.Attempt.Id, downstream.Id, Start.ToUnixTimeSeconds()), (firing.Upstream, firing.Workflow, firing.SessionTime.ToUnixTimeSeconds()));
        Assert.Equal(Start, firing.At);
    }

    [Fact]
    public async Task An_end_that_is_saved_twice_fires_once()
    {
        var upstream = await WorkflowAsync();
        var downstream = await PushTriggeredAsync("report", "r1", "demo", "wf");
        var started = await StartAsync(upstream);
        var end = new AttemptEnd(Start, IsSuccess: true);
        await _store.Attempts.SaveAsync(started.Lease!, [], end, Cancellation);
        await StartTriggeredAsync(downstream, Assert.Single(await FiringsAsync()));

        await _store.Attempts.SaveAsync(started.Lease!, [], end, Cancellation);

        Assert.Empty(await FiringsAsync());
    }

    [Fact]
    public async Task Failure_and_deleted_projects_fire_nothing()
    {
        var upstream = await WorkflowAsync();
        var report = await PushTriggeredAsync("report", "r1", "demo", "wf");
        var failed = await StartAsync(upstream);
        await _store.Attempts.SaveAsync(failed.Lease!, [], new AttemptEnd(Start, IsSuccess: false), Cancellation);
        Assert.Empty(await FiringsAsync());

        await _store.Projects.DeleteAsync(Site, report.ProjectId, Start, Cancellation);
        var succeeded = await StartAsync(upstream, "again");
        await _store.Attempts.SaveAsync(succeeded.Lease!, [], new AttemptEnd(Start, IsSuccess: true), Cancellation);

        Assert.Empty(await FiringsAsync());
        Assert.Empty(await _store.Triggers.ListAsync(Site, Cancellation));
    }

    [Fact]
    public async Task A_firing_starts_one_attempt_under_a_name_of_its_own_where_the_session_exists()
    {
        var upstream = await WorkflowAsync();
        var downstream = await PushTriggeredAsync("report", "r1", "demo", "wf");
        var first = await FireAsync(upstream, null);
        var unnamed = Assert.IsType<StartOutcome.Started>(await StartTriggeredAsync(downstream, first));
        Assert.Null(unnamed.Attempt.RetryAttemptName);
        Assert.IsType<StartOutcome.Superseded>(await StartTriggeredAsync(downstream, first));

        var second = await FireAsync(upstream, "again");
        var named = Assert.IsType<StartOutcome.Started>(await StartTriggeredAsync(downstream, second));

        Assert.Equal(($"trigger-{second.Upstream}", 2), (named.Attempt.RetryAttemptName, named.Attempt.Index));
        Assert.Equal(unnamed.Attempt.SessionId, named.Attempt.SessionId);
        Assert.Empty(await FiringsAsync());
    }

    [Fact]
    public async Task A_refused_start_leaves_the_firing_where_it_was()
    {
        var upstream = await WorkflowAsync();
        var downstream = await PushTriggeredAsync("report", "r1", "demo", "wf");
        var firing = await FireAsync(upstream, null);

        await Assert.ThrowsAsync<WorkflowException>(() => _store.Attempts.StartAsync(
            Request(downstream) with { MaximumRunning = 0 }, Plan, NodeA, new StartCause.Trigger(firing), Cancellation));

        Assert.Equal(firing, Assert.Single(await FiringsAsync()));
        Assert.True(await _store.Triggers.ForgetAsync(firing, Cancellation));
        Assert.False(await _store.Triggers.ForgetAsync(firing, Cancellation));
    }

    [Fact]
    public async Task A_push_replaces_the_triggers_of_its_project()
    {
        await PushAsync("demo", "r1");
        await PushTriggeredAsync("report", "r1", "demo", "wf");
        var moved = await PushTriggeredAsync("report", "r2", "demo", "later");
        Assert.Equal(
            new StoredTrigger(moved.ProjectId, "report", moved.Id, "triggered", "demo", "later"), Assert.Single(await _store.Triggers.ListAsync(Site, Cancellation)));
        Assert.Equal("later", moved.Definition.Trigger!.WorkflowName);
        Assert.Null(moved.Definition.Config["trigger"]);

        await PushAsync("report", "r3");

        Assert.Empty(await _store.Triggers.ListAsync(Site, Cancellation));
    }

    [Fact]
    public async Task A_trigger_needs_the_project_that_it_waits_for()
    {
        var refused = await Assert.ThrowsAsync<WorkflowException>(() => PushTriggeredAsync("report", "r1", "ingestion", "wf"));

        Assert.Equal(
            (FailureKind.IllegalArgument, "Dependent project 'ingestion' not found in trigger config"), (refused.Kind, refused.Message));
        Assert.Null(await _store.Projects.FindAsync(Site, "report", Cancellation));
    }

    [Fact]
    public async Task Workflows_that_would_start_each_other_for_ever_are_refused()
    {
        await PushAsync("a", "r1");
        await PushTriggeredAsync("b", "r1", "a", "triggered");

        var refused = await Assert.ThrowsAsync<WorkflowException>(() => PushTriggeredAsync("a", "r2", "b", "triggered"));
        Assert.Equal(
            "Workflows would start each other for ever: a/triggered -> b/triggered -> a/triggered. Remove trigger: from one of them", refused.Message);
        Assert.Equal("r1", (await _store.Projects.FindAsync(Site, "a", Cancellation))!.LatestRevision.Name);

        var itself = await Assert.ThrowsAsync<WorkflowException>(() => PushTriggeredAsync("c", "r1", "c", "triggered"));
        Assert.Contains("c/triggered -> c/triggered", itself.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<TriggerFiring>> FiringsAsync() => _store.Triggers.ListFiringsAsync(0, 10, Cancellation);

    private async Task<TriggerFiring> FireAsync(StoredWorkflow upstream, string? name)
    {
        var started = await StartAsync(upstream, name);
        await _store.Attempts.SaveAsync(started.Lease!, [], new AttemptEnd(Start, IsSuccess: true), Cancellation);
        return Assert.Single(await FiringsAsync());
    }

    private Task<StartOutcome> StartTriggeredAsync(StoredWorkflow workflow, TriggerFiring firing) => _store.Attempts.StartAsync(
        Request(workflow) with { SessionTime = firing.SessionTime, NameWhenRepeated = $"trigger-{firing.Upstream}", RunTime = firing.At },
        Plan,
        NodeA,
        new StartCause.Trigger(firing),
        Cancellation);

    private async Task<StoredWorkflow> PushTriggeredAsync(string project, string revision, string upstreamProject, string upstreamWorkflow)
    {
        var definition = new WorkflowDefinition("triggered", DateTimeZone.Utc, Map("""{"+a":{"echo>":"hi"}}"""))
        {
            Trigger = new WorkflowTrigger(upstreamProject, upstreamWorkflow, null),
        };
        var pushed = await _store.Projects.PushAsync(
            new NewRevision
            {
                SiteId = Site,
                ProjectName = project,
                Name = revision,
                Archive = new byte[] { 0 },
                ArchiveMd5 = new byte[16],
                Now = Start,
                Workflows = [new NewWorkflow(definition)],
            },
            Cancellation);
        return Assert.Single(await _store.Projects.ListWorkflowsAsync(pushed.LatestRevision.Id, "triggered", Cancellation));
    }
}
