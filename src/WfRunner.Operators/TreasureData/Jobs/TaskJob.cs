using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData.Jobs;

/// <summary>
/// One job of a task, over all calls of its operator: a domain key is saved before the job is submitted with it, the job's id before
/// it is asked after, so that a task that is interrupted at any moment starts its job once. Digdag behaviour: the state machine of
/// operators-td 1.7. On an engine whose jobs end with the process there is one step.
/// </summary>
internal sealed class TaskJob(TdTask task, string key)
{
    /// <summary>The names under which tasks keep jobs.</summary>
    public static readonly string[] Keys = ["job", "previewJob", "pollJob"];

    private const string DomainKey = "domainKey";
    private const string JobId = "jobId";
    private const string PollIteration = "pollIteration";
    private const string ErrorPollIteration = "errorPollIteration";

    private ConfigMap Saved
    {
        get => task.State.GetMapOrEmpty(key);
        set => task.State = task.State.With(key, value);
    }

    /// <summary>The job's id, once it is submitted.</summary>
    public QueryJobId? Id => Saved.GetStringOrNull(JobId) is { } id ? new QueryJobId(id) : null;

    /// <summary>Goes on as far as is possible now.</summary>
    /// <param name="scope">The scope of the task's queries.</param>
    /// <param name="start">Submits the job with a domain key.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    /// <exception cref="QueryFailedException">The job failed.</exception>
    /// <exception cref="QueryServiceException">The service refused for good.</exception>
    public async Task<JobStep> AdvanceAsync(
        QueryScope scope, Func<string, CancellationToken, Task<IQueryJob>> start, CancellationToken cancellationToken)
    {
        if (!task.Backend.OutlivesProcess)
        {
            return new JobStep.Finished(await RunHereAsync(start, cancellationToken).ConfigureAwait(false));
        }

        MoveOldLayout();
        if (Saved.GetStringOrNull(DomainKey) is not { } domainKey)
        {
            Saved = Saved.With(DomainKey, Guid.NewGuid().ToString());
            return new JobStep.Waiting(task.Later(Duration.Zero));
        }

        return Id is { } id
            ? await AskAsync(id, domainKey, scope, cancellationToken).ConfigureAwait(false)
            : await SubmitAsync(domainKey, start, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets the job, so that the next step starts another one.</summary>
    public void Forget() => task.State = task.State.Without(key);

    private static async Task<IQueryJob> RunHereAsync(Func<string, CancellationToken, Task<IQueryJob>> start, CancellationToken cancellationToken)
    {
        var job = await start(Guid.NewGuid().ToString(), cancellationToken).ConfigureAwait(false);
        try
        {
            await job.WaitAsync(cancellationToken).ConfigureAwait(false);
            return job;
        }
        catch
        {
            await job.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // A submission is not broken off: a job whose id nobody knows could not be ended.
    private async Task<JobStep> SubmitAsync(
        string domainKey, Func<string, CancellationToken, Task<IQueryJob>> start, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var job = await start(domainKey, CancellationToken.None).ConfigureAwait(false);
            Saved = Saved.With(JobId, job.Id.Value).Without(ErrorPollIteration);
            cancellationToken.ThrowIfCancellationRequested();
            return new JobStep.Waiting(task.Later(Intervals.After(0)));
        }
        catch (QueryServiceException e)
        {
            task.Log.Warn($"failed to start job: domainKey={domainKey}: {e.Message}");
            return AfterError(e);
        }
    }

    private async Task<JobStep> AskAsync(QueryJobId id, string domainKey, QueryScope scope, CancellationToken cancellationToken)
    {
        try
        {
            var job = task.Backend.Attach(id, scope);
            var status = await job.PollAsync(cancellationToken).ConfigureAwait(false);
            Saved = Saved.Without(ErrorPollIteration);
            if (status == QueryJobStatus.Running)
            {
                var iteration = Saved.GetInt64OrNull(PollIteration) ?? 0;
                Saved = Saved.With(PollIteration, iteration + 1);
                return new JobStep.Waiting(task.Later(Intervals.After(iteration)));
            }

            if (status != QueryJobStatus.Succeeded)
            {
                // Throws, with what the job says.
                await job.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            return new JobStep.Finished(job);
        }
        catch (QueryServiceException e)
        {
            task.Log.Warn($"failed to check job status: domainKey={domainKey}, jobId={id}: {e.Message}");
            return AfterError(e);
        }
    }

    private PollIntervals Intervals => PollIntervals.OfJobs(task.Context.SystemConfig);

    private JobStep.Waiting AfterError(QueryServiceException e)
    {
        if (e.IsPermanent)
        {
            throw e;
        }

        var iteration = Saved.GetInt64OrNull(ErrorPollIteration) ?? 0;
        Saved = Saved.With(ErrorPollIteration, iteration + 1);
        return new JobStep.Waiting(task.Later(PollIntervals.OfRetries(task.Context.SystemConfig).After(iteration)));
    }

    // Digdag once kept the members at the top.
    private void MoveOldLayout()
    {
        foreach (var member in (string[])[DomainKey, JobId, PollIteration])
        {
            if (task.State[member] is { IsNull: false } value)
            {
                task.State = task.State.Without(member).With(key, Saved.With(member, value));
            }
        }
    }
}
