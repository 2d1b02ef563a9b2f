using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Runtime.Logging;
using WfRunner.Server.Loops;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;

namespace WfRunner.Server.Attempts;

/// <summary>Makes an acquired attempt ready to run: restores its tasks, or makes them when it was only announced.</summary>
internal sealed class AttemptLoader(IStore store, TaskLimits limits, ConfigMap defaults, IClock clock, TimeProvider timers, LogOutput log)
{
    /// <summary>Loads an attempt.</summary>
    /// <returns>The attempt; null when it cannot start and has ended for that.</returns>
    public async Task<AttemptMachine?> LoadAsync(LeasedAttempt leased, CancellationToken cancellationToken)
    {
        if (leased.Tasks.Count > 0)
        {
            return Restore(leased);
        }

        try
        {
            return await BeginAsync(leased, cancellationToken).ConfigureAwait(false);
        }
        catch (WorkflowException e) when (e is not LeaseLostException && e.Kind != FailureKind.Database)
        {
            // Digdag leaves such an attempt "running" for ever.
            log.WriteMain(TaskLogLevel.Warn, $"Attempt {leased.Attempt.Id} cannot start: {FailureText.Describe(e)}");
            var end = new AttemptEnd(clock.GetCurrentInstant(), IsSuccess: false);
            await Patience.AskAsync(c => store.Attempts.SaveAsync(leased.Lease, [], end, c), timers, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    private AttemptMachine Restore(LeasedAttempt leased)
    {
        var attempt = leased.Attempt;
        log.WriteMain(TaskLogLevel.Info, $"Going on with attempt {attempt.Id} of workflow {attempt.WorkflowName}");
        if (leased.Tasks.Count(t => t.State == TaskState.Running) is var interrupted and > 0)
        {
            // Digdag's words.
            log.WriteMain(TaskLogLevel.Warn, $"{interrupted} task locks are expired. Tasks will be retried.");
        }

        return AttemptMachine.Restore(
            attempt.ToInfo(defaults),
            leased.Tasks,
            limits,
            store.Attempts.OpenTaskIds(attempt.Id, leased.Tasks[^1].Id),
            attempt.IsCancelRequested,
            ResumedTasks.ByName(leased.ResumedTasks));
    }

    private async Task<AttemptMachine> BeginAsync(LeasedAttempt leased, CancellationToken cancellationToken)
    {
        var attempt = leased.Attempt;
        var workflow = await Patience.AskAsync(
            c => store.Projects.FindWorkflowAsync(attempt.SiteId, attempt.WorkflowId, c), timers, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: workflow id={attempt.WorkflowId}");
        var machine = AttemptMachine.Create(
            attempt.ToInfo(defaults),
            WorkflowCompiler.Compile(workflow.Definition),
            limits,
            store.Attempts.OpenTaskIds(attempt.Id, null),
            clock.GetCurrentInstant(),
            ResumedTasks.ByName(leased.ResumedTasks));
        await Patience.AskAsync(c => store.Attempts.SaveAsync(leased.Lease, [.. machine.Tasks], null, c), timers, cancellationToken)
            .ConfigureAwait(false);
        return machine;
    }
}
