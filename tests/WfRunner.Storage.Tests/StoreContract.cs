using NodaTime;
using NodaTime.Testing;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Overview;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;
using WfRunner.Storage.Secrets;

namespace WfRunner.Storage.Tests;

/// <summary>What every store must do. One class for all of them, so that they cannot drift apart.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private const int Site = 0;

    private static readonly Instant Start = Instant.FromUtc(2026, 3, 4, 5, 6, 7);
    private static readonly NodeClaim NodeA = new("a", Start, Start + Duration.FromMinutes(5));

    private IStore _store = null!;

    protected FakeClock Clock { get; } = new(Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await OpenAsync(Cancellation);

    public virtual async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Push_creates_the_project_and_keeps_every_revision_with_its_archive()
    {
        var first = await PushAsync("demo", "r1", [1, 2, 3]);
        var second = await PushAsync("demo", "r2", [4]);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal("r2", second.LatestRevision.Name);
        Assert.Equal(["r2", "r1"], (await _store.Projects.ListRevisionsAsync(first.Id, null, 100, Cancellation)).Select(r => r.Name));
        Assert.Equal([1, 2, 3], await _store.Projects.ReadArchiveAsync(first.LatestRevision.Id, Cancellation));
    }

    [Fact]
    public async Task An_archive_that_is_kept_elsewhere_is_not_kept_here()
    {
        var project = await _store.Projects.PushAsync(
            new NewRevision
            {
                SiteId = Site,
                ProjectName = "demo",
                Name = "r1",
                Archive = new byte[] { 1, 2, 3 },
                ArchiveType = "s3",
                ArchivePath = "wf/0/ZGVtbw/r1.tar.gz",
                ArchiveMd5 = new byte[16],
                Now = Start,
                Workflows = [],
            },
            Cancellation);

        var revision = await _store.Projects.FindRevisionAsync(project.Id, "r1", Cancellation);
        Assert.Equal(("s3", "wf/0/ZGVtbw/r1.tar.gz"), (revision!.ArchiveType, revision.ArchivePath));
        Assert.Null(await _store.Projects.ReadArchiveAsync(revision.Id, Cancellation));
    }

    [Fact]
    public async Task Push_of_a_used_revision_name_is_a_conflict_and_stores_nothing()
    {
        await PushAsync("demo", "r1");

        var refused = await Assert.ThrowsAsync<WorkflowException>(() => PushAsync("demo", "r1"));

        Assert.Equal(FailureKind.ResourceConflict, refused.Kind);
        Assert.Equal("Resource already exists: revision=r1 in project id=1", refused.Message);
        Assert.Single(await _store.Projects.ListRevisionsAsync(new ProjectId(1), null, 100, Cancellation));
    }

    [Fact]
    public async Task A_deleted_project_frees_its_name_and_stays_readable_by_id()
    {
        var old = await PushAsync("demo", "r1", schedule: _ => Entry(10));
        Assert.True(await _store.Projects.DeleteAsync(Site, old.Id, Start, Cancellation));

        Assert.False(await _store.Projects.DeleteAsync(Site, old.Id, Start, Cancellation));
        Assert.Null(await _store.Projects.FindAsync(Site, "demo", Cancellation));
        var read = await _store.Projects.FindAsync(Site, old.Id, Cancellation);
        Assert.Equal(("demo", (Instant?)Start), (read!.Name, read.DeletedAt));
        Assert.Empty(await _store.Schedules.ListAsync(Site, null, null, null, 100, Cancellation));
        Assert.NotEqual(old.Id, (await PushAsync("demo", "r1")).Id);
    }

    [Fact]
    public async Task Workflows_of_the_latest_revisions_are_listed_page_by_page_in_both_directions()
    {
        await PushAsync("alpha", "r1", workflow: "load_a");
        await PushAsync("beta", "r1", workflow: "load_b");
        await PushAsync("beta", "r2", workflow: "report");

        Assert.Equal(["load_a", "report"], await Names(new WorkflowQuery { Count = 10 }));
        Assert.Equal(["report"], await Names(new WorkflowQuery { Count = 1, Descending = true }));
        Assert.Equal(["load_a"], await Names(new WorkflowQuery { Count = 1, Descending = true, LastId = new WorkflowId(3) }));
        Assert.Equal(["load_a"], await Names(new WorkflowQuery { Count = 10, NamePattern = "d_a" }));
        Assert.Empty(await Names(new WorkflowQuery { Count = 10, NamePattern = "d%a" }));
        Assert.Equal(["report"], await Names(new WorkflowQuery { Count = 10, NamePattern = "bet", SearchesProjectName = true }));

        async Task<IEnumerable<string>> Names(WorkflowQuery query) =>
            (await _store.Projects.ListWorkflowsAsync(Site, query, Cancellation)).Select(w => w.Definition.Name);
    }

    [Fact]
    public async Task A_start_stores_session_attempt_tasks_and_lease_together()
    {
        var workflow = await WorkflowAsync();

        var started = await StartAsync(workflow);

        Assert.Equal((1, "demo", "wf", "r1"), (started.Attempt.Index, started.Attempt.ProjectName, started.Attempt.WorkflowName, started.Attempt.RevisionName));
        var tasks = await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation);
        Assert.Equal(["+wf", "+wf+a"], tasks.Select(t => t.FullName));
        var session = await _store.Attempts.FindSessionAsync(Site, started.Attempt.SessionId, Cancellation);
        Assert.Equal(started.Attempt.Id, session!.LastAttempt.Id);
    }

    [Fact]
    public async Task A_start_whose_plan_fails_stores_nothing()
    {
        var workflow = await WorkflowAsync();

        await Assert.ThrowsAsync<WorkflowException>(() => _store.Attempts.StartAsync(
            Request(workflow),
            (_, _) => throw new WorkflowException(FailureKind.TaskLimitExceeded, "too many"),
            NodeA,
            null,
            Cancellation));

        Assert.Empty(await _store.Attempts.ListSessionsAsync(Site, new SessionQuery { Count = 10 }, Cancellation));
        Assert.False(await _store.Attempts.HasUnfinishedAsync(workflow.ProjectId, "wf", Cancellation));
    }

    [Fact]
    public async Task The_same_session_conflicts_unless_the_attempt_has_a_new_name()
    {
        var workflow = await WorkflowAsync();
        await StartAsync(workflow);
        var retry = await StartAsync(workflow, "again");

        Assert.Equal(2, retry.Attempt.Index);
        var unnamed = Assert.IsType<StartOutcome.Conflict>(await TryStartAsync(Request(workflow)));
        Assert.Equal(retry.Attempt.Id, unnamed.Existing.Id);
        var named = Assert.IsType<StartOutcome.Conflict>(await TryStartAsync(Request(workflow) with { RetryAttemptName = "again" }));
        Assert.Equal("again", named.Existing.RetryAttemptName);
    }

    [Fact]
    public async Task The_limit_of_running_attempts_comes_before_the_conflict()
    {
        var workflow = await WorkflowAsync();
        await StartAsync(workflow);

        var refused = await Assert.ThrowsAsync<WorkflowException>(() => TryStartAsync(Request(workflow) with { MaximumRunning = 1 }));

        Assert.Equal(FailureKind.AttemptLimitExceeded, refused.Kind);
        Assert.Equal("Too many attempts running. Limit: 1, Current: 1", refused.Message);
    }

    [Fact]
    public async Task Every_field_of_a_task_comes_back_as_it_was_saved()
    {
        var started = await StartAsync(await WorkflowAsync());
        var root = (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation))[0];
        var full = new TaskRecord
        {
            Id = _store.Attempts.OpenTaskIds(started.Attempt.Id, (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation))[^1].Id)(),
            ParentId = root.Id,
            Upstreams = [root.Id, root.Id],
            FullName = "+wf+ü^sub",
            IsGroup = false,
            State = TaskState.RetryWaiting,
            Flags = TaskFlags.InitialTask | TaskFlags.CancelRequested,
            LocalConfig = Map("""{"sh>":"x","big":12345678901234567890,"float":1.5,"null":null}"""),
            ExportConfig = Map("""{"b":1,"a":2}"""),
            Result = new TaskResult
            {
                SubtaskConfig = Map("""{"+x":{"echo>":"y"}}"""),
                ExportParams = Map("""{"e":[1,"2",{}]}"""),
                ResetStoreParams = ["a.b", "c"],
                StoreParams = Map("""{"s":"\u0001"}"""),
            },
            Error = Map("""{"message":"no"}"""),
            StateParams = Map("""{"job":"42"}"""),
            RetryCount = 3,
            RetryAt = Start + Duration.FromMilliseconds(1),
            StartedAt = Start,
            UpdatedAt = Start + Duration.FromSeconds(1),
            ResumingTaskId = root.Id,
        };

        await _store.Attempts.SaveAsync(started.Lease!, [full], null, Cancellation);

        var read = (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation)).Single(t => t.Id == full.Id);
        Assert.Equal(Show(full), Show(read));
    }

    [Fact]
    public async Task Task_ids_of_a_new_source_are_greater_than_all_stored_ones()
    {
        var started = await StartAsync(await WorkflowAsync());
        var last = (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation))[^1].Id;

        var next = _store.Attempts.OpenTaskIds(started.Attempt.Id, last);

        var (one, two) = (next(), next());
        Assert.True(last < one && one < two);
    }

    [Fact]
    public async Task Nobody_else_acquires_a_leased_attempt_before_the_lease_expires()
    {
        var started = await StartAsync(await WorkflowAsync());

        Assert.Empty(await AcquireAsync("b", Start + Duration.FromMinutes(4)));
        await _store.Attempts.RenewAsync(NodeA with { Until = Start + Duration.FromMinutes(9) }, [started.Lease!], Cancellation);
        Assert.Empty(await AcquireAsync("b", Start + Duration.FromMinutes(8)));
        var taken = Assert.Single(await AcquireAsync("b", Start + Duration.FromMinutes(9)));

        Assert.Equal(started.Attempt.Id, taken.Attempt.Id);
        Assert.Equal(2, taken.Tasks.Count);
        Assert.True(taken.Lease.Token > started.Lease!.Token);
    }

    [Fact]
    public async Task An_old_lease_cannot_save_any_more()
    {
        var started = await StartAsync(await WorkflowAsync());
        var task = (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation))[1];
        var taken = Assert.Single(await AcquireAsync("b", Start + Duration.FromHours(1)));

        await Assert.ThrowsAsync<LeaseLostException>(
            () => _store.Attempts.SaveAsync(started.Lease!, [task with { State = TaskState.Success }], null, Cancellation));
        await _store.Attempts.SaveAsync(taken.Lease, [task with { State = TaskState.Error }], null, Cancellation);

        Assert.Equal(TaskState.Error, (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation))[1].State);
    }

    [Fact]
    public async Task A_renewal_tells_what_is_held_and_what_must_stop()
    {
        var workflow = await WorkflowAsync();
        var (kept, lost) = (await StartAsync(workflow), await StartAsync(workflow, "again"));
        await _store.Attempts.ReleaseAsync([lost.Lease!], Cancellation);
        Assert.Single(await AcquireAsync("b", Start));

        var before = await _store.Attempts.RenewAsync(NodeA, [kept.Lease!, lost.Lease!], Cancellation);
        await CancelAsync(kept.Attempt.Id);
        var after = await _store.Attempts.RenewAsync(NodeA, [kept.Lease!], Cancellation);

        Assert.Equal([kept.Attempt.Id], before.Held);
        Assert.Empty(before.CancelRequested);
        Assert.Equal([kept.Attempt.Id], after.CancelRequested);
    }

    [Fact]
    public async Task The_next_expiry_is_that_of_the_first_lease_of_another_node()
    {
        await StartAsync(await WorkflowAsync());

        Assert.Null(await _store.Attempts.NextExpiryAsync(NodeA, Cancellation));
        Assert.Equal(
            Duration.FromMinutes(3),
            await _store.Attempts.NextExpiryAsync(NodeA with { Node = "b", Now = Start + Duration.FromMinutes(2) }, Cancellation));
    }

    [Fact]
    public async Task A_start_that_is_left_to_others_has_its_tasks_and_no_lease()
    {
        var outcome = await _store.Attempts.StartAsync(Request(await WorkflowAsync()), Plan, null, null, Cancellation);

        Assert.Null(Assert.IsType<StartOutcome.Started>(outcome).Lease);
        Assert.Equal(2, Assert.Single(await AcquireAsync("b", Start)).Tasks.Count);
    }

    [Fact]
    public async Task A_save_may_be_repeated_also_that_of_the_end()
    {
        var started = await StartAsync(await WorkflowAsync());
        var tasks = await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation);
        var end = new AttemptEnd(Start, true);

        for (var i = 0; i < 2; i++)
        {
            await _store.Attempts.SaveAsync(started.Lease!, tasks, null, Cancellation);
        }

        await _store.Attempts.SaveAsync(started.Lease!, tasks, end, Cancellation);
        await _store.Attempts.SaveAsync(started.Lease!, tasks, end, Cancellation);

        Assert.True((await _store.Attempts.FindAsync(Site, started.Attempt.Id, Cancellation))!.IsSuccess);
        Assert.Equal(2, (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation)).Count);
    }

    [Fact]
    public async Task Of_many_saves_at_once_only_those_of_lost_leases_are_refused()
    {
        var workflow = await WorkflowAsync();
        var started = new List<StartOutcome.Started>();
        for (var i = 0; i < 40; i++)
        {
            started.Add(await StartAsync(workflow, i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        var lost = started.Where((_, i) => i % 4 == 0).Select(s => s.Lease!).ToList();
        await _store.Attempts.ReleaseAsync(lost, Cancellation);
        var saves = started.ConvertAll(s => (s.Lease, Done: _store.Attempts.SaveAsync(s.Lease!, [], new AttemptEnd(Start, true), Cancellation)));
        foreach (var (lease, done) in saves)
        {
            Assert.Equal(lost.Contains(lease!), await Record.ExceptionAsync(() => done) is LeaseLostException);
        }

        Assert.Equal(10, (await AcquireAsync("b", Start)).Count);
    }

    [Fact]
    public async Task A_released_attempt_can_be_acquired_at_once()
    {
        var started = await StartAsync(await WorkflowAsync());

        await _store.Attempts.ReleaseAsync([started.Lease!], Cancellation);

        var taken = Assert.Single(await AcquireAsync("b", Start));
        await _store.Attempts.ReleaseAsync([started.Lease!], Cancellation);
        Assert.Empty(await AcquireAsync("c", Start));
        Assert.False(await _store.Attempts.SaveAsync(taken.Lease, [], null, Cancellation));
    }

    [Fact]
    public async Task The_end_of_an_attempt_ends_its_lease_and_keeps_its_tasks()
    {
        var started = await StartAsync(await WorkflowAsync());

        await _store.Attempts.SaveAsync(started.Lease!, [], new AttemptEnd(Start + Duration.FromSeconds(9), true), Cancellation);

        var attempt = await _store.Attempts.FindAsync(Site, started.Attempt.Id, Cancellation);
        Assert.Equal((true, true, (Instant?)(Start + Duration.FromSeconds(9))), (attempt!.IsDone, attempt.IsSuccess, attempt.FinishedAt));
        Assert.Equal(2, (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation)).Count);
        Assert.Empty(await AcquireAsync("b", Start + Duration.FromDays(1)));
        await Assert.ThrowsAsync<LeaseLostException>(() => _store.Attempts.SaveAsync(started.Lease!, [], null, Cancellation));
    }

    [Fact]
    public async Task A_wish_to_stop_reaches_whoever_saves_next()
    {
        var started = await StartAsync(await WorkflowAsync());
        Assert.False(await _store.Attempts.SaveAsync(started.Lease!, [], null, Cancellation));

        Assert.Equal(CancelOutcome.Requested, await CancelAsync(started.Attempt.Id));

        Assert.True(await _store.Attempts.SaveAsync(started.Lease!, [], new AttemptEnd(Start, false), Cancellation));
        Assert.Equal(CancelOutcome.AlreadyDone, await CancelAsync(started.Attempt.Id));
        Assert.Equal(CancelOutcome.NotFound, await CancelAsync(new AttemptId(99)));
    }

    [Fact]
    public async Task Announced_attempts_are_acquired_one_after_another()
    {
        var workflow = await WorkflowAsync();
        var announced = await _store.Attempts.AnnounceAsync([Backfill(workflow, 1), Backfill(workflow, 2)], Cancellation);

        var first = Assert.Single(await AcquireAsync("a", Start));
        Assert.Equal(announced[0].Id, first.Attempt.Id);
        Assert.Empty(first.Tasks);
        Assert.Empty(await AcquireAsync("a", Start));
        await _store.Attempts.SaveAsync(first.Lease, [], new AttemptEnd(Start, false), Cancellation);

        Assert.Equal(announced[1].Id, Assert.Single(await AcquireAsync("a", Start)).Attempt.Id);
    }

    [Fact]
    public async Task Announcing_is_all_or_nothing()
    {
        var workflow = await WorkflowAsync();
        await _store.Attempts.AnnounceAsync([Backfill(workflow, 2)], Cancellation);

        var refused = await Assert.ThrowsAsync<AttemptExistsException>(
            () => _store.Attempts.AnnounceAsync([Backfill(workflow, 1), Backfill(workflow, 2)], Cancellation));

        Assert.Equal("Attempt of project id=1 workflow=wf instant=2026-01-02T00:00:00Z attempt name=b already exists", refused.Message);
        Assert.Single(await _store.Attempts.ListSessionsAsync(Site, new SessionQuery { Count = 10 }, Cancellation));
    }

    [Fact]
    public async Task An_announced_attempt_that_is_killed_before_it_began_is_done()
    {
        var announced = await _store.Attempts.AnnounceAsync([Backfill(await WorkflowAsync(), 1)], Cancellation);

        Assert.Equal(CancelOutcome.EndedAtOnce, await CancelAsync(announced[0].Id));

        Assert.Empty(await AcquireAsync("a", Start));
        Assert.True((await _store.Attempts.FindAsync(Site, announced[0].Id, Cancellation))!.IsDone);
    }

    [Fact]
    public async Task Attempts_are_listed_newest_first_and_without_retried_ones_unless_asked_for()
    {
        var workflow = await WorkflowAsync();
        await StartAsync(workflow);
        await StartAsync(workflow, "again");
        await TryStartAsync(Request(workflow) with { SessionTime = Start + Duration.FromDays(1) });

        Assert.Equal([3, 2], await Ids(new AttemptQuery { Count = 10 }));
        Assert.Equal([3, 2, 1], await Ids(new AttemptQuery { Count = 10, IncludesRetried = true }));
        Assert.Equal([1], await Ids(new AttemptQuery { Count = 10, IncludesRetried = true, LastId = new AttemptId(2) }));
        Assert.Equal([2, 1], await Ids(new AttemptQuery { Count = 10, IncludesRetried = true, Session = new SessionId(1) }));
        Assert.Empty(await Ids(new AttemptQuery { Count = 10, Project = new ProjectId(1), Workflow = "other" }));
        Assert.Empty(await Ids(new AttemptQuery { Count = 0 }));

        async Task<IEnumerable<long>> Ids(AttemptQuery query) =>
            (await _store.Attempts.ListAsync(Site, query, Cancellation)).Select(a => a.Id.Value);
    }

    [Fact]
    public async Task Lists_are_narrowed_to_durations_and_what_runs_is_measured_until_now()
    {
        var workflow = await WorkflowAsync();
        foreach (var (day, seconds) in ((int, int?)[])[(0, 10), (1, 60), (2, null)])
        {
            var started = Assert.IsType<StartOutcome.Started>(
                await TryStartAsync(Request(workflow) with { SessionTime = Start + Duration.FromDays(day) }));
            if (seconds is { } length)
            {
                await _store.Attempts.SaveAsync(started.Lease!, [], new AttemptEnd(Start + Duration.FromSeconds(length), true), Cancellation);
            }
        }

        // 1 took 10 seconds, 2 took 60, 3 runs on: for 30 seconds now, for 2 minutes then.
        var (now, then) = (Start + Duration.FromSeconds(30), Start + Duration.FromMinutes(2));
        Assert.Equal([3, 2], await Ids(new DurationRange(Duration.FromSeconds(30), null, now)));
        Assert.Equal([2], await Ids(new DurationRange(Duration.FromSeconds(31), null, now)));
        Assert.Equal([2, 1], await Ids(new DurationRange(null, Duration.FromSeconds(60), then)));
        Assert.Equal([2], await Ids(new DurationRange(Duration.FromSeconds(11), Duration.FromSeconds(60), then)));
        Assert.Equal([3, 2, 1], await Ids(null));

        async Task<IEnumerable<long>> Ids(DurationRange? took)
        {
            var attempts = await _store.Attempts.ListAsync(Site, new AttemptQuery { Count = 10, Took = took }, Cancellation);
            var sessions = await _store.Attempts.ListSessionsAsync(Site, new SessionQuery { Count = 10, Took = took }, Cancellation);
            Assert.Equal(attempts.Select(a => a.Id), sessions.Select(s => s.LastAttempt.Id));
            return attempts.Select(a => a.Id.Value);
        }
    }

    [Fact]
    public async Task Lists_are_narrowed_to_states_and_session_times()
    {
        var workflow = await WorkflowAsync();
        for (var i = 0; i < 5; i++)
        {
            var started = Assert.IsType<StartOutcome.Started>(
                await TryStartAsync(Request(workflow) with { SessionTime = Start + Duration.FromSeconds(i) }));
            if (i == 3)
            {
                await CancelAsync(started.Attempt.Id);
            }

            // 1 succeeds, 2 fails, 3 runs on, 4 is canceled, 5 succeeds although somebody asked it to stop.
            if (i == 4)
            {
                await CancelAsync(started.Attempt.Id);
            }

            if (i != 2)
            {
                await _store.Attempts.SaveAsync(started.Lease!, [], new AttemptEnd(Start, i is 0 or 4), Cancellation);
            }
        }

        Assert.Equal([5, 1], await Both(AttemptStatuses.Success));
        Assert.Equal([2], await Both(AttemptStatuses.Error));
        Assert.Equal([3], await Both(AttemptStatuses.Running));
        Assert.Equal([4], await Both(AttemptStatuses.Canceled));
        Assert.Equal([4, 3, 2], await Both(AttemptStatuses.Error | AttemptStatuses.Running | AttemptStatuses.Canceled));
        Assert.Equal([5, 4, 3, 2, 1], await Both(AttemptStatuses.Any));
        Assert.Equal([3, 2], await Both(AttemptStatuses.Any, Start + Duration.FromSeconds(1), Start + Duration.FromSeconds(3)));
        Assert.Equal([3], await Both(AttemptStatuses.Any, Start + Duration.FromMilliseconds(1001), Start + Duration.FromMilliseconds(2001)));
        Assert.Equal([3], await Both(AttemptStatuses.Running, Start));

        async Task<IEnumerable<long>> Both(AttemptStatuses statuses, Instant? from = null, Instant? to = null)
        {
            var attempts = await _store.Attempts.ListAsync(
                Site, new AttemptQuery { Count = 10, Statuses = statuses, From = from, To = to }, Cancellation);
            var sessions = await _store.Attempts.ListSessionsAsync(
                Site, new SessionQuery { Count = 10, Statuses = statuses, From = from, To = to }, Cancellation);
            Assert.Equal(attempts.Select(a => a.Id), sessions.Select(s => s.LastAttempt.Id));
            return attempts.Select(a => a.Id.Value);
        }
    }

    [Fact]
    public async Task The_overview_counts_what_runs_waits_and_failed_lately()
    {
        var workflow = await WorkflowAsync();
        var failed = await StartAsync(workflow, "failed");
        await _store.Attempts.SaveAsync(failed.Lease!, [], new AttemptEnd(Start, false), Cancellation);
        await StartAsync(workflow, "running");
        await _store.Attempts.AnnounceAsync([Backfill(workflow, 1), Backfill(workflow, 2)], Cancellation);

        Assert.Equal(new AttemptCounts(1, 2, 1), await _store.Overview.CountAttemptsAsync(Site, Start, Cancellation));
        Assert.Equal(
            new AttemptCounts(1, 2, 0), await _store.Overview.CountAttemptsAsync(Site, Start + Duration.FromMilliseconds(1), Cancellation));
        Assert.Equal(new AttemptCounts(0, 0, 0), await _store.Overview.CountAttemptsAsync(Site + 1, Start, Cancellation));
        Assert.Equal(new NodeLoad("a", 1, 0, Start), Assert.Single(await _store.Overview.ListNodesAsync(Cancellation)));
        Assert.True(await _store.Overview.SchemaVersionAsync(Cancellation) > 1);
    }

    [Fact]
    public async Task Running_tasks_are_counted_by_node()
    {
        var started = await StartAsync(await WorkflowAsync());
        var tasks = await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation);
        await _store.Attempts.SaveAsync(started.Lease!, [tasks[^1] with { State = TaskState.Running }], null, Cancellation);

        Assert.Equal(new NodeLoad("a", 1, 1, Start), Assert.Single(await _store.Overview.ListNodesAsync(Cancellation)));
    }

    [Fact]
    public async Task Leases_are_listed_oldest_first_with_their_tokens_and_running_tasks()
    {
        var workflow = await WorkflowAsync();
        var first = await StartAsync(workflow, "first");
        var second = await StartAsync(workflow, "second");
        var tasks = await _store.Attempts.ListTasksAsync(second.Attempt.Id, Cancellation);
        await _store.Attempts.SaveAsync(second.Lease!, [tasks[^1] with { State = TaskState.Running }], null, Cancellation);
        await _store.Attempts.ReleaseAsync([first.Lease!], Cancellation);
        Assert.Single(await AcquireAsync("b", Start));

        var held = await _store.Overview.ListHeldAsync(10, Cancellation);

        Assert.Equal([(first.Attempt.Id, "b", 2L, 0L), (second.Attempt.Id, "a", 1L, 1L)], held.Select(h => (h.Id, h.Node, h.Token, h.RunningTasks)));
        Assert.Equal((NodeA.Until, Start, "wf"), (held[1].Until, held[1].CreatedAt, held[1].WorkflowName));
        Assert.Equal(first.Attempt.Id, Assert.Single(await _store.Overview.ListHeldAsync(1, Cancellation)).Id);
    }

    [Fact]
    public async Task Queued_attempts_tell_what_they_wait_for_until_that_has_ended()
    {
        var workflow = await WorkflowAsync();
        var announced = await _store.Attempts.AnnounceAsync([Backfill(workflow, 1), Backfill(workflow, 2)], Cancellation);

        var queued = await _store.Overview.ListQueuedAsync(Site, 10, Cancellation);
        Assert.Equal(
            [(announced[0].Id, null, null), (announced[1].Id, announced[0].SessionId, (AttemptId?)announced[0].Id)],
            queued.Select(q => (q.Id, q.WaitsForSession, q.WaitsForAttempt)));
        Assert.Single(await _store.Overview.ListQueuedAsync(Site, 1, Cancellation));
        Assert.Empty(await _store.Overview.ListQueuedAsync(Site + 1, 10, Cancellation));

        await CancelAsync(announced[0].Id);
        var left = Assert.Single(await _store.Overview.ListQueuedAsync(Site, 10, Cancellation));
        Assert.Equal((announced[1].Id, null, null), (left.Id, left.WaitsForSession, left.WaitsForAttempt));
    }

    [Fact]
    public async Task Durations_of_tasks_come_from_the_last_successful_runs_before_a_session()
    {
        var workflow = await WorkflowAsync();
        foreach (var (day, seconds, succeeds) in ((int, int, bool)[])[(0, 10, true), (1, 20, true), (2, 30, false), (3, 40, true), (4, 50, true)])
        {
            var started = Assert.IsType<StartOutcome.Started>(
                await TryStartAsync(Request(workflow) with { SessionTime = Start + Duration.FromDays(day) }));
            var task = (await _store.Attempts.ListTasksAsync(started.Attempt.Id, Cancellation))[^1] with
            {
                State = succeeds ? TaskState.Success : TaskState.Error,
                StartedAt = Start,
                UpdatedAt = Start + Duration.FromSeconds(seconds),
            };
            await _store.Attempts.SaveAsync(started.Lease!, [task], new AttemptEnd(Start, succeeds), Cancellation);
        }

        Assert.Equal([20, 40], await Seconds(day: 4, runs: 2));
        Assert.Equal([10, 20], await Seconds(day: 3, runs: 20));
        Assert.Empty(await Seconds(day: 0, runs: 20));

        async Task<IEnumerable<double>> Seconds(int day, int runs) =>
            (await _store.Overview.ListTaskDurationsAsync(workflow.ProjectId, "wf", Start + Duration.FromDays(day), runs, Cancellation))
                .Select(t => t.Took.TotalSeconds).Order();
    }

    [Fact]
    public async Task The_overview_lists_enabled_schedules_by_their_next_run()
    {
        await PushAsync("late", "r1", schedule: _ => Entry(10));
        await PushAsync("early", "r1", schedule: _ => Entry(9));
        await PushAsync("off", "r1", schedule: _ => Entry(8));
        await _store.Schedules.SetDisabledAsync(Site, new ScheduleId(3), Start, Start, Cancellation);

        Assert.Equal(["early", "late"], (await _store.Overview.ListNextSchedulesAsync(Site, 10, Cancellation)).Select(s => s.ProjectName));
        Assert.Equal(["early"], (await _store.Overview.ListNextSchedulesAsync(Site, 1, Cancellation)).Select(s => s.ProjectName));
        Assert.Equal(1, await _store.Overview.CountDueSchedulesAsync(Site, Entry(10).RunTime, Cancellation));
        Assert.Equal(0, await _store.Overview.CountDueSchedulesAsync(Site + 1, Entry(10).RunTime, Cancellation));
    }

    [Fact]
    public async Task Attempts_and_tasks_that_take_too_long_are_listed_until_they_are_asked_to_stop()
    {
        var workflow = await WorkflowAsync();
        var old = await StartAsync(workflow, "old");
        var busy = Assert.IsType<StartOutcome.Started>(
            await TryStartAsync(Request(workflow) with { RetryAttemptName = "busy", Now = Start + Duration.FromHours(1) }));
        var tasks = await _store.Attempts.ListTasksAsync(busy.Attempt.Id, Cancellation);
        var began = Start + Duration.FromHours(2);
        var running = tasks[^1] with { State = TaskState.RetryWaiting, StartedAt = began };
        await _store.Attempts.SaveAsync(busy.Lease!, [running], null, Cancellation);
        var (attemptTime, taskTime) = (Duration.FromHours(10), Duration.FromHours(3));

        Assert.Equal(began + taskTime, await _store.Maintenance.NextOverdueAsync(attemptTime, taskTime, Cancellation));
        Assert.Equal(Start + attemptTime, await _store.Maintenance.NextOverdueAsync(attemptTime, attemptTime, Cancellation));
        Assert.Empty(await OverdueAsync(Start, began));
        Assert.Equal([$"{old.Attempt.Id}:"], await OverdueAsync(Start + Duration.Epsilon * 1_000_000, began));
        Assert.Equal([$"{busy.Attempt.Id}:{running.Id}"], await OverdueAsync(Start, began + Duration.FromMilliseconds(1)));
        Assert.Equal([$"{old.Attempt.Id}:", $"{busy.Attempt.Id}:"], await OverdueAsync(began, began + Duration.FromMilliseconds(1)));

        Assert.Equal(CancelOutcome.Requested, await CancelAsync(old.Attempt.Id));
        Assert.Equal(CancelOutcome.AlreadyRequested, await CancelAsync(old.Attempt.Id));
        Assert.Equal([$"{busy.Attempt.Id}:"], await OverdueAsync(began, began));
        await CancelAsync(busy.Attempt.Id);
        Assert.Null(await _store.Maintenance.NextOverdueAsync(attemptTime, taskTime, Cancellation));

        async Task<IEnumerable<string>> OverdueAsync(Instant attempts, Instant tasks) =>
            (await _store.Maintenance.ListOverdueAsync(attempts, tasks, 10, Cancellation)).Select(o => $"{o.Attempt.Id}:{string.Join(',', o.Tasks)}");
    }

    [Fact]
    public async Task Only_sessions_whose_attempts_all_ended_long_ago_are_deleted()
    {
        var workflow = await WorkflowAsync();
        var late = Start + Duration.FromDays(1);
        await EndedAsync(1, Start);
        await EndedAsync(2, late);
        await EndedAsync(3, Start);
        await TryStartAsync(Request(workflow) with { SessionTime = Time(3), RetryAttemptName = "again" });
        await EndedAsync(4, Start);
        await _store.Attempts.AnnounceAsync([Backfill(workflow, 4), Backfill(workflow, 5)], Cancellation);
        await CancelAsync((await _store.Attempts.ListAsync(Site, new AttemptQuery { Count = 2 }, Cancellation))[1].Id);

        Assert.Equal(1, await _store.Maintenance.DeleteFinishedAsync(late, 1, Cancellation));
        Assert.Equal(1, await _store.Maintenance.DeleteFinishedAsync(late, 10, Cancellation));
        Assert.Equal(0, await _store.Maintenance.DeleteFinishedAsync(late, 10, Cancellation));

        var left = await _store.Attempts.ListSessionsAsync(Site, new SessionQuery { Count = 10 }, Cancellation);
        Assert.Equal([5, 3, 2], left.Select(s => s.LastAttempt.SessionTime.InUtc().Day));
        Assert.Empty(await _store.Attempts.ListTasksAsync(new AttemptId(1), Cancellation));

        // What waited for a session that is gone need not wait any more.
        Assert.Contains(await AcquireAsync("n", late), l => l.Attempt.SessionTime == Time(5));

        async Task EndedAsync(int day, Instant end)
        {
            var started = Assert.IsType<StartOutcome.Started>(await TryStartAsync(Request(workflow) with { SessionTime = Time(day) }));
            await _store.Attempts.SaveAsync(started.Lease!, [], new AttemptEnd(end, true), Cancellation);
        }

        static Instant Time(int day) => Instant.FromUtc(2026, 1, day, 0, 0);
    }

    [Fact]
    public async Task Nothing_is_deleted_while_an_attempt_counts_tasks_of_another_as_done()
    {
        var workflow = await WorkflowAsync();
        var first = await StartAsync(workflow);
        await _store.Attempts.SaveAsync(first.Lease!, [], new AttemptEnd(Start, false), Cancellation);
        var tasks = await _store.Attempts.ListTasksAsync(first.Attempt.Id, Cancellation);
        var resumed = Assert.IsType<StartOutcome.Started>(await TryStartAsync(
            Request(workflow) with { SessionTime = Start + Duration.FromDays(1), ResumedTasks = [tasks[^1].Id] }));
        var later = Start + Duration.FromDays(9);

        Assert.Equal(0, await _store.Maintenance.DeleteFinishedAsync(later, 10, Cancellation));
        await _store.Attempts.SaveAsync(resumed.Lease!, [], new AttemptEnd(Start, true), Cancellation);

        Assert.Equal(2, await _store.Maintenance.DeleteFinishedAsync(later, 10, Cancellation));
    }

    [Fact]
    public async Task A_push_keeps_the_schedule_of_a_workflow_and_drops_that_of_a_vanished_one()
    {
        await PushAsync("demo", "r1", schedule: _ => Entry(10));
        var schedule = Assert.Single(await _store.Schedules.ListAsync(Site, null, null, null, 100, Cancellation));
        await _store.Schedules.SetDisabledAsync(Site, schedule.Id, Start, Start, Cancellation);
        await _store.Schedules.MoveAsync(new ScheduleMove(schedule.Id, Entry(10), Entry(11), Entry(10).Time, Start), Cancellation);

        await PushAsync("demo", "r2", schedule: last => last == Entry(10).Time ? Entry(20) : Entry(1));
        var kept = await _store.Schedules.FindAsync(Site, schedule.Id, Cancellation);
        Assert.Equal((Entry(20), (Instant?)Start), (kept!.Next, kept.DisabledAt));
        Assert.NotEqual(schedule.WorkflowId, kept.WorkflowId);

        await PushAsync("demo", "r3");
        Assert.Null(await _store.Schedules.FindAsync(Site, schedule.Id, Cancellation));
    }

    [Fact]
    public async Task Only_enabled_schedules_are_due_and_the_longest_due_comes_first()
    {
        await PushAsync("late", "r1", schedule: _ => Entry(10));
        await PushAsync("early", "r1", schedule: _ => Entry(9));
        await PushAsync("off", "r1", schedule: _ => Entry(8));
        await _store.Schedules.SetDisabledAsync(Site, new ScheduleId(3), Start, Start, Cancellation);

        Assert.Equal(Entry(9).RunTime, await _store.Schedules.NextDueAsync(Cancellation));
        Assert.Equal(["early", "late"], (await _store.Schedules.ListDueAsync(Entry(10).RunTime, 10, Cancellation)).Select(s => s.ProjectName));
        Assert.Equal(["early"], (await _store.Schedules.ListDueAsync(Entry(9).RunTime, 10, Cancellation)).Select(s => s.ProjectName));
    }

    [Fact]
    public async Task A_scheduled_start_moves_the_schedule_in_the_same_transaction_and_only_once()
    {
        var workflow = await WorkflowAsync(_ => Entry(10));
        var move = new StartCause.Schedule(new ScheduleMove(new ScheduleId(1), Entry(10), Entry(11), Entry(10).Time, Start));
        var request = Request(workflow) with { SessionTime = Entry(10).Time };

        Assert.IsType<StartOutcome.Started>(await _store.Attempts.StartAsync(request, Plan, NodeA, move, Cancellation));
        Assert.IsType<StartOutcome.Superseded>(await _store.Attempts.StartAsync(request, Plan, NodeA, move, Cancellation));
        var again = new StartCause.Schedule(move.Move with { From = Entry(11), To = Entry(12) });
        Assert.IsType<StartOutcome.Conflict>(await _store.Attempts.StartAsync(request, Plan, NodeA, again, Cancellation));

        var schedule = await _store.Schedules.FindAsync(Site, new ScheduleId(1), Cancellation);
        Assert.Equal((Entry(12), (Instant?)Entry(10).Time), (schedule!.Next, schedule.LastSessionTime));
    }

    [Fact]
    public async Task A_refused_scheduled_start_leaves_the_schedule_where_it_was()
    {
        var workflow = await WorkflowAsync(_ => Entry(10));
        var move = new StartCause.Schedule(new ScheduleMove(new ScheduleId(1), Entry(10), Entry(11), Entry(10).Time, Start));

        await Assert.ThrowsAsync<WorkflowException>(
            () => _store.Attempts.StartAsync(Request(workflow) with { MaximumRunning = 0 }, Plan, NodeA, move, Cancellation));

        Assert.Equal(Entry(10), (await _store.Schedules.FindAsync(Site, new ScheduleId(1), Cancellation))!.Next);
    }

    [Fact]
    public async Task Secrets_are_kept_by_project_and_scope()
    {
        var project = (await PushAsync("demo", "r1")).Id;
        await _store.Secrets.SetAsync(project, SecretScope.Project, "b", "1", Cancellation);
        await _store.Secrets.SetAsync(project, SecretScope.Project, "a", "2", Cancellation);
        await _store.Secrets.SetAsync(project, SecretScope.Project, "b", "3", Cancellation);
        await _store.Secrets.SetAsync(project, SecretScope.ProjectDefault, "b", "4", Cancellation);

        Assert.Equal(["a", "b"], await _store.Secrets.ListKeysAsync(project, SecretScope.Project, Cancellation));
        Assert.Equal("3", (await _store.Secrets.ReadAllAsync(project, SecretScope.Project, Cancellation))["b"]);
        await _store.Secrets.DeleteAsync(project, SecretScope.Project, "b", Cancellation);
        await _store.Secrets.DeleteAsync(project, SecretScope.Project, "never", Cancellation);
        Assert.Equal(["a"], await _store.Secrets.ListKeysAsync(project, SecretScope.Project, Cancellation));
        Assert.Equal("4", (await _store.Secrets.ReadAllAsync(project, SecretScope.ProjectDefault, Cancellation))["b"]);
    }

    [Fact]
    public async Task Many_starts_at_once_are_all_stored_with_distinct_ids()
    {
        var workflow = await WorkflowAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            i => TryStartAsync(Request(workflow) with { SessionTime = Start + Duration.FromHours(i), MaximumRunning = 1000 })));

        var attempts = outcomes.Select(o => Assert.IsType<StartOutcome.Started>(o).Attempt.Id).ToList();
        Assert.Equal(200, attempts.Distinct().Count());
        var tasks = await Task.WhenAll(attempts.Select(a => _store.Attempts.ListTasksAsync(a, Cancellation)));
        Assert.Equal(400, tasks.SelectMany(t => t).Select(t => t.Id).Distinct().Count());
    }

    protected abstract Task<IStore> OpenAsync(CancellationToken cancellationToken);

    private static ScheduleTime Entry(int day) =>
        new(Instant.FromUtc(2026, 4, day, 0, 0), Instant.FromUtc(2026, 4, day, 7, 0));

    private static ConfigMap Map(string json) => (ConfigMap)ConfigJson.Parse(json);

    private static string Show(TaskRecord task) => string.Join(
        " | ",
        task with { Upstreams = [], LocalConfig = ConfigMap.Empty, ExportConfig = ConfigMap.Empty, Result = TaskResult.Empty, Error = ConfigMap.Empty, StateParams = ConfigMap.Empty },
        string.Join(',', task.Upstreams),
        task.LocalConfig,
        task.ExportConfig,
        task.Result.SubtaskConfig,
        task.Result.ExportParams,
        string.Join(',', task.Result.ResetStoreParams),
        task.Result.StoreParams,
        task.Error,
        task.StateParams);

    private Task<StoredProject> PushAsync(
        string project, string revision, byte[]? archive = null, string workflow = "wf", Func<Instant?, ScheduleTime>? schedule = null) =>
        _store.Projects.PushAsync(
            new NewRevision
            {
                SiteId = Site,
                ProjectName = project,
                Name = revision,
                Archive = archive ?? [0],
                ArchiveMd5 = new byte[16],
                Now = Start,
                Workflows = [new NewWorkflow(new WorkflowDefinition(workflow, DateTimeZone.Utc, Map("""{"+a":{"echo>":"hi"}}""")), schedule)],
            },
            Cancellation);

    private async Task<StoredWorkflow> WorkflowAsync(Func<Instant?, ScheduleTime>? schedule = null)
    {
        var project = await PushAsync("demo", "r1", schedule: schedule);
        return Assert.Single(await _store.Projects.ListWorkflowsAsync(project.LatestRevision.Id, null, Cancellation));
    }

    private static NewAttempt Request(StoredWorkflow workflow) =>
        new() { SiteId = Site, Workflow = workflow, SessionTime = Start, MaximumRunning = 100, Now = Start };

    private static NewAttempt Backfill(StoredWorkflow workflow, int day) =>
        Request(workflow) with { SessionTime = Instant.FromUtc(2026, 1, day, 0, 0), RetryAttemptName = "b" };

    private static IEnumerable<TaskRecord> Plan(StoredAttempt attempt, Func<TaskId> nextTaskId)
    {
        var machine = AttemptMachine.Create(
            attempt.ToInfo(ConfigMap.Empty),
            WorkflowCompiler.Compile(new WorkflowDefinition(attempt.WorkflowName, DateTimeZone.Utc, Map("""{"+a":{"echo>":"hi"}}"""))),
            1000,
            nextTaskId,
            Start);
        return machine.Tasks;
    }

    private Task<StartOutcome> TryStartAsync(NewAttempt request) => _store.Attempts.StartAsync(request, Plan, NodeA, null, Cancellation);

    private async Task<StartOutcome.Started> StartAsync(StoredWorkflow workflow, string? name = null) =>
        Assert.IsType<StartOutcome.Started>(await TryStartAsync(Request(workflow) with { RetryAttemptName = name }));

    private Task<IReadOnlyList<LeasedAttempt>> AcquireAsync(string node, Instant now) =>
        _store.Attempts.AcquireAsync(new NodeClaim(node, now, now + Duration.FromMinutes(5)), 10, SiteLimit, Cancellation);

    private Task<CancelOutcome> CancelAsync(AttemptId id) => _store.Attempts.RequestCancelAsync(Site, id, Start, Cancellation);
}
