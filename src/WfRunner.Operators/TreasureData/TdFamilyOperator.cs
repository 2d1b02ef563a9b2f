using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// What the operators of the family share: the section <c>td</c>, the choice of the engine, and that jobs of a killed task are ended.
/// Digdag behaviour: operators-td 1.2, 1.7; unlike there the jobs of previews and waits are ended too, and a failing end is only a
/// warning.
/// </summary>
public abstract class TdFamilyOperator : IOperator
{
    private static readonly TimeSpan LongestCleanUp = TimeSpan.FromSeconds(30);

    private readonly QueryBackendSelector _backends;

    private protected TdFamilyOperator(QueryBackendSelector backends) => _backends = backends;

    /// <inheritdoc/>
    public abstract OperatorDescription Description { get; }

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var task = TdTask.Open(request, context, _backends);
        try
        {
            if (task.IsExplaining)
            {
                await ExplainAsync(task, cancellationToken).ConfigureAwait(false);
                return OperatorOutcome.Done;
            }

            return await RunAsync(task, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndJobsAsync(task, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        catch (QueryFailedException e)
        {
            throw new TaskFailedException(e.Message, inner: e.InnerException as WorkflowException);
        }
    }

    /// <inheritdoc/>
    public Task CleanUpAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        return EndJobsAsync(TdTask.Open(request, context, _backends), cancellationToken);
    }

    /// <summary>The query that the task would submit; null for tasks that submit none.</summary>
    private protected virtual Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken) => Task.FromResult<QueryRequest?>(null);

    /// <summary>What the task would do besides its query, or in place of one, a line each.</summary>
    private protected virtual IReadOnlyList<string> Describe(TdTask task) => [];

    private protected abstract Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken);

    private async Task ExplainAsync(TdTask task, CancellationToken cancellationToken)
    {
        var query = await QueryOfAsync(task, cancellationToken).ConfigureAwait(false);
        var text = $"-- {task.Request.TaskName} on {task.Backend.Name}\n"
            + string.Concat(Describe(task).Select(line => $"-- {line.ReplaceLineEndings(" ")}\n"))
            + string.Concat((query is null ? [] : task.Backend.Explain(query)).Select(s => s.Trim().TrimEnd(';') + ";\n")) + "\n";
        await task.Context.Output.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
    }

    private static async Task EndJobsAsync(TdTask task, CancellationToken cancellationToken)
    {
        if (!task.Backend.OutlivesProcess)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCleanUp);
        foreach (var id in TaskJob.Keys.Select(key => new TaskJob(task, key).Id).OfType<QueryJobId>())
        {
            task.Log.Debug($"cleanup is called: attempt_id={task.Request.Attempt.AttemptId}, task_id={task.Request.TaskId}, job_id={id}");
            try
            {
                await task.Backend.Attach(id, task.Scope(string.Empty)).CancelAsync(limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is WorkflowException or OperationCanceledException)
            {
                task.Log.Warn($"The job {id} could not be ended: {e.Message}");
            }
        }
    }
}
