using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>The loop of the waiting operators: one job after the other until a first row satisfies. Digdag behaviour: operators-td 7.</summary>
internal static class PollJobs
{
    public const string Key = "pollJob";

    private const string LastJobId = "__last_job_id";

    /// <summary>Goes on as far as is possible now.</summary>
    /// <param name="task">The task.</param>
    /// <param name="options">Options of the jobs.</param>
    /// <param name="database">The database.</param>
    /// <param name="statement">The query.</param>
    /// <param name="scheduledTime">The session time, where the query belongs to it.</param>
    /// <param name="interval">The pause between two jobs.</param>
    /// <param name="isEnough">Judges the first row, which may be missing.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    public static async Task<OperatorOutcome> AdvanceAsync(
        TdTask task,
        TdOptions options,
        string database,
        Func<string> statement,
        Instant? scheduledTime,
        Duration interval,
        Func<IReadOnlyList<ConfigValue>?, QueryJobId, bool> isEnough,
        CancellationToken cancellationToken)
    {
        var job = new TaskJob(task, Key);
        var level = task.State.Has(LastJobId) ? TaskLogLevel.Debug : TaskLogLevel.Info;
        var step = await TdQueryJob.AdvanceAsync(task, job, options, database, statement, scheduledTime, level, cancellationToken).ConfigureAwait(false);
        if (step is not JobStep.Finished finished)
        {
            return ((JobStep.Waiting)step).Outcome;
        }

        var id = finished.Job.Id;
        var row = await ReadAsync(task, finished, cancellationToken).ConfigureAwait(false);
        if (row is { Later: { } later })
        {
            return later;
        }

        if (isEnough(row.Row, id))
        {
            task.Log.Info($"Finished. Last job id={id}");
            return OperatorOutcome.Done;
        }

        job.Forget();
        task.State = task.State.With(LastJobId, id.Value);
        return task.Later(interval);
    }

    private static async Task<(IReadOnlyList<ConfigValue>? Row, OperatorOutcome? Later)> ReadAsync(
        TdTask task, JobStep.Finished finished, CancellationToken cancellationToken)
    {
        try
        {
            return (await TdFirstRow.ReadAsync(finished, cancellationToken).ConfigureAwait(false), null);
        }
        catch (QueryServiceException e) when (!e.IsPermanent)
        {
            var pause = PollIntervals.OfRetries(task.Context.SystemConfig).Maximum;
            task.Log.Warn($"Failed to download result of job '{finished.Job.Id}': retrying in {pause.TotalSeconds:0} seconds: {e.Message}");
            return (null, task.Later(pause));
        }
    }
}
