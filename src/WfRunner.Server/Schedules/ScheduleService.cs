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

    /// <summary>Announces attempts for entries before the next one; they run one after another.</summary>
    /// <returns>The attempts, oldest first; for a dry run made-up ones that are not stored.</returns>
    public async Task<IReadOnlyList<StoredAttempt>> BackfillAsync(
        StoredSchedule schedule, Instant from, string attemptName, int? count, bool dryRun, CancellationToken cancellationToken)
    {
        var (workflow, scheduler) = await SchedulerOfAsync(schedule, cancellationToken).ConfigureAwait(false);
        var times = EntriesBetween(scheduler, from, schedule.Next.Time, count);
        if (count is { } wanted && times.Count < wanted)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument, $"count is set to {wanted} but there are only {times.Count} attempts until the next schedule time");
        }

        await RefuseUsedNameAsync(schedule, times, attemptName, cancellationToken).ConfigureAwait(false);
        if (dryRun)
        {
            return [.. times.Select(t => MadeUp(schedule, workflow, t, attemptName))];
        }

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

    private static List<Instant> EntriesBetween(IScheduler scheduler, Instant from, Instant until, int? count)
    {
        var times = new List<Instant>();
        for (var entry = scheduler.FirstScheduleTime(from);
            entry is { } at && at.Time < until && !(times.Count >= count);
            entry = scheduler.NextScheduleTime(at.Time))
        {
            times.Add(at.Time);
        }

        return times;
    }

    private async Task RefuseUsedNameAsync(
        StoredSchedule schedule, List<Instant> times, string attemptName, CancellationToken cancellationToken)
    {
        if (times.Count == 0)
        {
            return;
        }

        var wanted = times.ToHashSet();
        AttemptId? lastId = null;
        while (true)
        {
            var page = await store.Attempts.ListAsync(
                schedule.SiteId,
                new AttemptQuery { Count = 100, LastId = lastId, Project = schedule.ProjectId, Workflow = schedule.WorkflowName, IncludesRetried = true },
                cancellationToken).ConfigureAwait(false);
            if (page.Where(a => a.RetryAttemptName == attemptName && wanted.Contains(a.SessionTime)).MinBy(a => a.SessionTime) is { } used)
            {
                throw new AttemptExistsException(used);
            }

            if (page.Count == 0)
            {
                return;
            }

            lastId = page[^1].Id;
        }
    }

    private StoredAttempt MadeUp(StoredSchedule schedule, StoredWorkflow workflow, Instant time, string attemptName) => new()
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
