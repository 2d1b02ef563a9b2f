using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Server.Loops;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Projects;

namespace WfRunner.Server.Attempts;

/// <summary>Starts workflows that tasks require: the latest revision's, of the same site only. Digdag behaviour: operators-core 6.8.</summary>
internal sealed class RequiredWorkflows(IStore store, TimeProvider timers) : IWorkflowStarter
{
    /// <summary>Set once the server's parts know each other: tasks need the starter, and the starter needs what runs tasks.</summary>
    public AttemptStarter? Starter { get; set; }

    // An attempt that a start left behind unseen is found by the next one.
    public Task<RequiredAttempt> StartAsync(WorkflowWish wish, CancellationToken cancellationToken) =>
        Patience.AskAsync(c => TryStartAsync(wish, c), timers, cancellationToken);

    private async Task<RequiredAttempt> TryStartAsync(WorkflowWish wish, CancellationToken cancellationToken)
    {
        var workflow = await FindAsync(wish, cancellationToken).ConfigureAwait(false)
            ?? throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: workflow '{wish.WorkflowName}'");
        var lastExecuted = await store.Attempts.LastSessionTimeAsync(
            workflow.ProjectId, workflow.Definition.Name, wish.SessionTime, cancellationToken).ConfigureAwait(false);
        var outcome = await Starter!.StartAsync(
            new StartRequest
            {
                SiteId = wish.By.SiteId,
                Workflow = workflow,
                SessionTime = wish.SessionTime,
                RetryAttemptName = wish.RetryAttemptName,
                Params = wish.Params,
                LastExecutedSession = lastExecuted,
            },
            cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            StartOutcome.Started started => Shown(started.Attempt, isNew: true),
            StartOutcome.Conflict conflict => Shown(conflict.Existing, isNew: false),
            _ => throw new InvalidOperationException($"unexpected outcome {outcome}"),
        };
    }

    private async Task<StoredWorkflow?> FindAsync(WorkflowWish wish, CancellationToken cancellationToken)
    {
        var project = wish.ProjectName is { } name
            ? await store.Projects.FindAsync(wish.By.SiteId, name, cancellationToken).ConfigureAwait(false)
            : await store.Projects.FindAsync(wish.By.SiteId, wish.ProjectId ?? wish.By.ProjectId, cancellationToken).ConfigureAwait(false);
        return project is null or { DeletedAt: not null }
            ? null
            : (await store.Projects.ListWorkflowsAsync(project.LatestRevision.Id, wish.WorkflowName, cancellationToken).ConfigureAwait(false))
                .FirstOrDefault(w => w.Definition.Name == wish.WorkflowName);
    }

    private static RequiredAttempt Shown(StoredAttempt attempt, bool isNew) =>
        new(attempt.SessionId, attempt.Id, isNew, attempt.IsDone, attempt.IsSuccess);
}
