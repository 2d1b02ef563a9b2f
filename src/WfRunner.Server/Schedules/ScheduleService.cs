using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;
using WfRunner.Server.Attempts;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Schedules;

/// <summary>What people do to schedules: skip, backfill, disable, enable. Digdag behaviour: schedules 8.7, 9, 10.</summary>
internal sealed class ScheduleService(IStore store, AttemptStarter starter, ScheduleLoop loop, IClock clock)
{
    // Every session is an attempt at once, so that far more than anybody may have is a slip, and would only take memory.
    private const int MostSessions = 10_000;

    // As far as a schedule of every minute goes in two months; each entry has to be found.
    private const int MostSkipped = 100_000;

    private const string AlreadyPast = "Specified time to skip schedules is already past";

    /// <summary>Moves a schedule to the first entry at or after a time.</summary>
    public async Task<StoredSchedule> SkipToAsync(
        StoredSchedule schedule, Instant time, Instant? runTime, bool dryRun, CancellationToken cancellationToken)
    {
        var (_, scheduler) = await SchedulerOfAsync(schedule, cancellationToken).ConfigureAwait(false);
        return await MoveAsync(schedule, scheduler.FirstScheduleTime(time), runTime, dryRun, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Moves a schedule by a number of entries, counted from the first one at or after a time.</summary>
    public async Task<StoredSchedule> SkipByAsync(
        StoredSchedule schedule, Instant from, int count, Instant? runTime, bool dryRun, CancellationToken cancellationToken)
    {
        if (count > MostSkipped)
        {
            throw new WorkflowException(FailureKind.IllegalArgument, $"count must be at most {MostSkipped}; give a later fromTime, or nextTime");
        }

        var (_, scheduler) = await SchedulerOfAsync(schedule, cancellationToken).ConfigureAwait(false);
        var entry = scheduler.FirstScheduleTime(from);
        for (var i = 0; i < count && entry is not null; i++)
        {
            entry = scheduler.NextScheduleTime(entry.Value.Time);
        }

        return await MoveAsync(schedule, entry, runTime, dryRun, cancellationToken).ConfigureAwait(false);
    }

    public async Task<StoredSchedule> DisableAsync(StoredSchedule schedule, CancellationToken cancellationToken)
    {
        var now = clock.GetCurrentInstant();
        var changed = await store.Schedules.SetDisabledAsync(schedule.SiteId, schedule.Id, now, now, cancellationToken).ConfigureAwait(false);
        return changed ?? throw NotFound(schedule.Id);
    }

    public async Task<StoredSchedule> EnableAsync(StoredSchedule schedule, CancellationToken cancellationToken)
    {
        var changed = await store.Schedules
            .SetDisabledAsync(schedule.SiteId, schedule.Id, null, clock.GetCurrentInstant(), cancellationToken).ConfigureAwait(false);
        loop.Wake();
        return changed ?? throw NotFound(schedule.Id);
    }

    /// <summary>
    /// Announces attempts for entries before the next one; they run one after another. Behaviour of the hosted service where existing
    /// sessions are skipped or the schedule is advanced: hosted-dialect 12.2.
    /// </summary>
    /// <returns>The attempts, oldest first; for a dry run made-up ones that are not stored.</returns>
    public async Task<IReadOnlyList<StoredAttempt>> BackfillAsync(
        StoredSchedule schedule, BackfillRequest request, CancellationToken cancellationToken)
    {
        var (workflow, scheduler) = await SchedulerOfAsync(schedule, cancellationToken).ConfigureAwait(false);
        var times = EntriesOf(schedule, scheduler, request);
        if (request.Count is { } wanted && times.Count < wanted)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument, $"count is set to {wanted} but there are only {times.Count} attempts until the next schedule time");
        }

        while (true)
        {
            var used = await UsedTimesAsync(schedule, times, request.AttemptName, cancellationToken).ConfigureAwait(false);
            if (used.Count > 0 && !request.SkipsExisting)
            {
                throw new AttemptExistsException(used.MinBy(a => a.SessionTime)!);
            }

            var wantedTimes = times.Except(used.Select(a => a.SessionTime)).ToList();
            if (request.IsDryRun)
            {
                return [.. wantedTimes.Select(t => MadeUp(schedule, workflow, t, request.AttemptName))];
            }

            try
            {
                var announced = await AnnounceAsync(schedule, workflow, wantedTimes, request.AttemptName, cancellationToken).ConfigureAwait(false);
                await AdvanceAsync(schedule, scheduler, times, request, cancellationToken).ConfigureAwait(false);
                return announced;
            }
            catch (AttemptExistsException) when (request.SkipsExisting)
            {
                // Somebody was quicker; then it is skipped as well.
            }
        }
    }

    // Digdag refuses a session that has an attempt of the name only; a session without a name for its attempt must have none at all.
    private async Task<List<StoredAttempt>> UsedTimesAsync(
        StoredSchedule schedule, List<Instant> times, string? attemptName, CancellationToken cancellationToken)
    {
        if (times.Count == 0)
        {
            return [];
        }

        var wanted = times.ToHashSet();
        var used = new List<StoredAttempt>();
        AttemptId? lastId = null;
        while (true)
        {
            var page = await store.Attempts.ListAsync(
                schedule.SiteId,
                new AttemptQuery
                {
                    Count = 100,
                    LastId = lastId,
                    Project = schedule.ProjectId,
                    Workflow = schedule.WorkflowName,
                    From = times[0],
                    To = times[^1] + Duration.FromSeconds(1),
                    IncludesRetried = attemptName is not null,
                },
                cancellationToken).ConfigureAwait(false);
            used.AddRange(page.Where(a => (attemptName is null || a.RetryAttemptName == attemptName) && wanted.Contains(a.SessionTime)));
            if (page.Count == 0)
            {
                return used;
            }

            lastId = page[^1].Id;
        }
    }

    private async Task<IReadOnlyList<StoredAttempt>> AnnounceAsync(
        StoredSchedule schedule, StoredWorkflow workflow, List<Instant> times, string? attemptName, CancellationToken cancellationToken)
    {
        var requests = new List<StartRequest>();
        var last = times.Count == 0
            ? null
            : await store.Attempts.LastSessionTimeAsync(schedule.ProjectId, schedule.WorkflowName, times[0], cancellationToken).ConfigureAwait(false);
        foreach (var time in times)
        {
            requests.Add(new StartRequest
            {
                SiteId = schedule.SiteId,
                Workflow = workflow,
                SessionTime = time,
                RetryAttemptName = attemptName,
                LastExecutedSession = last,
            });
            last = time;
        }

        return await starter.AnnounceAsync(requests, cancellationToken).ConfigureAwait(false);
    }

    // Should this fail, the schedule finds its sessions executed already, and goes on all the same.
    private async Task AdvanceAsync(
        StoredSchedule schedule, IScheduler scheduler, List<Instant> times, BackfillRequest request, CancellationToken cancellationToken)
    {
        if (request.AdvancesSchedule && times.Count > 0 && times[^1] >= schedule.Next.Time)
        {
            var to = scheduler.NextScheduleTime(times[^1]) ?? EndOfTime.Entry;
            await store.Schedules.MoveAsync(
                new ScheduleMove(schedule.Id, schedule.Next, to, times[^1], clock.GetCurrentInstant()), cancellationToken).ConfigureAwait(false);
            loop.Wake();
        }
    }

    private List<Instant> EntriesOf(StoredSchedule schedule, IScheduler scheduler, BackfillRequest request)
    {
        var until = !request.AdvancesSchedule ? schedule.Next.Time : request.Count is null ? clock.GetCurrentInstant() : Instant.MaxValue;
        var times = new List<Instant>();
        for (var entry = scheduler.FirstScheduleTime(request.From ?? schedule.Next.Time);
            entry is { } at && at.Time < until && !(times.Count >= request.Count);
            entry = scheduler.NextScheduleTime(at.Time))
        {
            times.Add(at.Time);
            if (times.Count > MostSessions)
            {
                throw new WorkflowException(
                    FailureKind.IllegalArgument, $"More than {MostSessions} sessions would be run: give a later fromTime, or a count");
            }
        }

        return times;
    }

    private StoredAttempt MadeUp(StoredSchedule schedule, StoredWorkflow workflow, Instant time, string? attemptName) => new()
    {
        Id = new AttemptId(0),
        SiteId = schedule.SiteId,
        SessionId = new SessionId(0),
        SessionUuid = Guid.NewGuid(),
        SessionTime = time,
        ProjectId = schedule.ProjectId,
        ProjectName = schedule.ProjectName,
        WorkflowName = schedule.WorkflowName,
        WorkflowId = workflow.Id,
        RevisionName = workflow.RevisionName,
        TimeZone = schedule.TimeZone,
        Index = 0,
        RetryAttemptName = attemptName,
        Params = ConfigMap.Empty,
        CreatedAt = clock.GetCurrentInstant(),
    };

    private async Task<StoredSchedule> MoveAsync(
        StoredSchedule schedule, ScheduleTime? entry, Instant? runTime, bool dryRun, CancellationToken cancellationToken)
    {
        var to = entry ?? EndOfTime.Entry;
        if (to.Time <= schedule.Next.Time)
        {
            throw new WorkflowException(FailureKind.ResourceConflict, AlreadyPast);
        }

        to = to with { RunTime = runTime ?? to.RunTime };
        if (dryRun)
        {
            return schedule with { Next = to };
        }

        var move = new ScheduleMove(schedule.Id, schedule.Next, to, null, clock.GetCurrentInstant());
        if (!await store.Schedules.MoveAsync(move, cancellationToken).ConfigureAwait(false))
        {
            throw new WorkflowException(FailureKind.ResourceConflict, "The schedule moved meanwhile; try again");
        }

        loop.Wake();
        return await store.Schedules.FindAsync(schedule.SiteId, schedule.Id, cancellationToken).ConfigureAwait(false) ?? throw NotFound(schedule.Id);
    }

    private async Task<(StoredWorkflow Workflow, IScheduler Scheduler)> SchedulerOfAsync(StoredSchedule schedule, CancellationToken cancellationToken)
    {
        var workflow = await store.Projects.FindWorkflowAsync(schedule.SiteId, schedule.WorkflowId, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: workflow id={schedule.WorkflowId}");
        var scheduler = SchedulerFactory.Create(workflow.Definition.Config, workflow.Definition.TimeZone)
            ?? throw new WorkflowException(FailureKind.IllegalState, $"Workflow {schedule.WorkflowName} has no schedule");
        return (workflow, scheduler);
    }

    private static WorkflowException NotFound(ScheduleId id) =>
        new(FailureKind.ResourceNotFound, $"Resource does not exist: schedule id={id}");
}
