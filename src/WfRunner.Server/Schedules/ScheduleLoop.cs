using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Scheduling;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Attempts;
using WfRunner.Server.Loops;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;

namespace WfRunner.Server.Schedules;

/// <summary>
/// Starts the sessions of schedules when they are due. Sleeps until the next due time and is woken by whatever moves it. After a
/// stop it starts what was missed, one session after another. Digdag behaviour: schedules 8.3 to 8.6.
/// </summary>
internal sealed class ScheduleLoop(IStore store, AttemptStarter starter, IClock clock, TimeProvider timers, LogOutput log) : IAsyncDisposable
{
    private const int DueAtOnce = 100;

    private static readonly Duration UnavailablePause = Duration.FromSeconds(1);
    private static readonly Duration LimitPause = Duration.FromMinutes(10);
    private static readonly Duration FailurePause = Duration.FromHours(1);

    private readonly Wakeup _wakeup = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>Begins to start sessions.</summary>
    public void Start() => _loop = LoopAsync(_stop.Token);

    /// <summary>Says that a schedule came, went or moved.</summary>
    public void Wake() => _wakeup.Signal();

    /// <summary>Ends the loop; a session that is being started is started.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Instant? next = null;
            try
            {
                var due = await store.Schedules.ListDueAsync(clock.GetCurrentInstant(), DueAtOnce, CancellationToken.None).ConfigureAwait(false);
                foreach (var schedule in due)
                {
                    await FireAsync(schedule).ConfigureAwait(false);
                }

                if (due.Count > 0)
                {
                    continue;
                }

                next = await store.Schedules.NextDueAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                next = clock.GetCurrentInstant() + UnavailablePause;
            }
            catch (WorkflowException e)
            {
                log.WriteMain(TaskLogLevel.Error, "Scheduling failed and will be tried again: " + FailureText.Describe(e));
            }

            await _wakeup.WaitAsync(next, clock, timers, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One schedule that cannot be started must not hold the others up: it is put off (schedules 8.5).
    private async Task FireAsync(StoredSchedule schedule)
    {
        try
        {
            var workflow = await store.Projects.FindWorkflowAsync(schedule.SiteId, schedule.WorkflowId, CancellationToken.None).ConfigureAwait(false)
                ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: workflow id={schedule.WorkflowId}");
            await StartOrSkipAsync(schedule, workflow).ConfigureAwait(false);
        }
        catch (WorkflowException e) when (e.Kind is FailureKind.AttemptLimitExceeded or FailureKind.TaskLimitExceeded)
        {
            log.WriteMain(TaskLogLevel.Info, $"Number of attempts or tasks exceed limit. Pending this schedule for 10 minutes: {Describe(schedule)}");
            await PutOffAsync(schedule, LimitPause).ConfigureAwait(false);
        }
        catch (WorkflowException e) when (e.Kind != FailureKind.Database)
        {
            log.WriteMain(
                TaskLogLevel.Error, $"Error during scheduling. Pending this schedule for 1 hour: {Describe(schedule)}\n{FailureText.Describe(e)}");
            await PutOffAsync(schedule, FailurePause).ConfigureAwait(false);
        }
    }

    private async Task StartOrSkipAsync(StoredSchedule schedule, StoredWorkflow workflow)
    {
        var scheduler = SchedulerFactory.Create(workflow.Definition.Config, workflow.Definition.TimeZone)
            ?? throw new WorkflowException(FailureKind.IllegalState, $"Workflow {schedule.WorkflowName} has no schedule");
        var next = scheduler.NextScheduleTime(schedule.Next.Time) ?? EndOfTime.Entry;
        var now = clock.GetCurrentInstant();
        if (await ReasonToSkipAsync(schedule, workflow.Definition.Config.GetMapOrEmpty("schedule"), now).ConfigureAwait(false) is { } reason)
        {
            log.WriteMain(TaskLogLevel.Info, $"{reason} Skipping this schedule: {Describe(schedule)}");
            await store.Schedules.MoveAsync(new ScheduleMove(schedule.Id, schedule.Next, next, null, now), CancellationToken.None).ConfigureAwait(false);
            return;
        }

        var outcome = await starter.StartAsync(
            new StartRequest
            {
                SiteId = schedule.SiteId,
                Workflow = workflow,
                SessionTime = schedule.Next.Time,
                LastExecutedSession = schedule.LastSessionTime,
                Cause = new StartCause.Schedule(new ScheduleMove(schedule.Id, schedule.Next, next, schedule.Next.Time, now)),
            },
            CancellationToken.None).ConfigureAwait(false);
        if (outcome is StartOutcome.Superseded)
        {
            // Another node started it, or somebody moved it by hand.
            return;
        }

        if (outcome is StartOutcome.Conflict conflict)
        {
            log.WriteMain(TaskLogLevel.Debug, $"Scheduled attempt {conflict.Existing.Id} is already executed. Skipping");
        }

        log.WriteMain(
            TaskLogLevel.Info, $"Updating next schedule time: sched={Describe(schedule)}, next={next.Time}, lastSessionTime={schedule.Next.Time}");
    }

    private async Task<string?> ReasonToSkipAsync(StoredSchedule schedule, ConfigMap section, Instant now)
    {
        if (section.GetStringOrNull("skip_delayed_by") is { } text && now > schedule.Next.RunTime + DurationText.Parse(text))
        {
            return $"Now={now} is too late from scheduled time={schedule.Next.Time}. It's over skip_delayed_by={text}.";
        }

        var skips = section.GetBooleanOr("skip_on_overtime", false)
            && await store.Attempts.HasUnfinishedAsync(schedule.ProjectId, schedule.WorkflowName, CancellationToken.None).ConfigureAwait(false);
        return skips ? "An attempt of the scheduled workflow is still running and skip_on_overtime = true." : null;
    }

    private Task<bool> PutOffAsync(StoredSchedule schedule, Duration pause)
    {
        var now = clock.GetCurrentInstant();
        var to = schedule.Next with { RunTime = now + pause };
        return store.Schedules.MoveAsync(new ScheduleMove(schedule.Id, schedule.Next, to, null, now), CancellationToken.None);
    }

    private static string Describe(StoredSchedule schedule) =>
        $"{{id={schedule.Id}, project={schedule.ProjectName}, workflow={schedule.WorkflowName}, sessionTime={schedule.Next.Time}, runTime={schedule.Next.RunTime}}}";
}
