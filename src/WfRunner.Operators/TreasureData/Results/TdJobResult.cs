using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData.Results;

/// <summary>
/// The result step of a job: show the table it filled, read its rows for whoever wants them, give the outputs. Digdag behaviour:
/// operators-td 1.11 and 2.4 to 2.6.
/// </summary>
internal sealed class TdJobResult(TdTask task, string database, TdResultOptions options)
{
    private const string RetryKey = "result";
    private const string PreviewDone = "previewDone";

    /// <summary>Uses the result of a job that succeeded.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    /// <returns>The outputs, or the wish to be called again.</returns>
    public Task<OperatorOutcome> UseAsync(IQueryJob job, CancellationToken cancellationToken) => UseAsync(job, null, cancellationToken);

    /// <summary>Uses the result of a job that succeeded.</summary>
    /// <param name="job">The job.</param>
    /// <param name="readRows">Reads the rows in place of the options; called again when the service failed meanwhile.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    /// <returns>The outputs, or the wish to be called again.</returns>
    public async Task<OperatorOutcome> UseAsync(
        IQueryJob job, Func<IQueryJob, QueryResult, CancellationToken, Task>? readRows, CancellationToken cancellationToken)
    {
        var download = options.DownloadFile is { } file ? task.Workspace().PathOf(file) : null;
        if (await PreviewTableAsync(job.Id, cancellationToken).ConfigureAwait(false) is { } wait)
        {
            return wait;
        }

        try
        {
            var (reader, count) = readRows is null
                ? await ReadAsync(job, download, cancellationToken).ConfigureAwait(false)
                : await ReadAsync(job, readRows, cancellationToken).ConfigureAwait(false);
            return new OperatorOutcome.Succeeded(Outputs(job.Id, reader, count));
        }
        catch (QueryServiceException e) when (!e.IsPermanent)
        {
            var iteration = task.State.GetInt64OrNull(RetryKey) ?? 0;
            var pause = PollIntervals.OfRetries(task.Context.SystemConfig).After(iteration);
            task.Log.Warn(string.Create(
                CultureInfo.InvariantCulture, $"Failed to download result of job '{job.Id}': retrying in {pause.TotalSeconds:0} seconds: {e.Message}"));
            task.State = task.State.With(RetryKey, iteration + 1);
            return task.Later(pause);
        }
        catch (QueryServiceException e)
        {
            task.Log.Warn($"Failed to download result of job '{job.Id}': giving up: {e.Message}");
            throw;
        }
    }

    private static async Task<(TdResultReader Reader, long Count)> ReadAsync(
        IQueryJob job, Func<IQueryJob, QueryResult, CancellationToken, Task> readRows, CancellationToken cancellationToken)
    {
        var result = await job.WaitAsync(cancellationToken).ConfigureAwait(false);
        var counted = new CountingJob(job);
        if (result.HasRows)
        {
            await readRows(counted, result, cancellationToken).ConfigureAwait(false);
        }

        return (new TdResultReader(), result.RecordCount ?? counted.Count);
    }

    // An engine that counts itself need not be read to the end.
    private async Task<(TdResultReader Reader, long Count)> ReadAsync(IQueryJob job, string? download, CancellationToken cancellationToken)
    {
        var reader = new TdResultReader();
        var result = await ResultAsync(job, cancellationToken).ConfigureAwait(false);
        if (!result.HasRows)
        {
            return download is null
                ? (reader, result.RecordCount ?? 0)
                : throw new TaskFailedException($"Failed to download result of job '{job.Id}': the statement has no result");
        }

        try
        {
            var needed = result.RecordCount is null ? null : options.RowsNeeded;
            await reader.ReadAsync(job, result, download, needed, cancellationToken).ConfigureAwait(false);
        }
        catch (ResultMissingException) when (download is null)
        {
            // A statement without rows; the preview says so.
        }
        catch (WorkflowException e) when (download is null && !options.StoreLastResults && options.RowsNeeded > 0)
        {
            task.Log.Warn($"Getting rows for preview failed. Ignoring this error. {e.Message}");
            return (reader, result.RecordCount ?? 0);
        }

        if (options.Preview && options.Target is null)
        {
            Show($"job id {job.Id}", reader.Preview);
        }

        return (reader, result.RecordCount ?? reader.Count);
    }

    // The columns are needed for rows; for the count alone a failing question does no harm.
    private async Task<QueryResult> ResultAsync(IQueryJob job, CancellationToken cancellationToken)
    {
        try
        {
            return await job.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (QueryServiceException e) when (options.RowsNeeded == 0)
        {
            task.Log.Warn($"Setting num_records failed. Ignoring this error. {e.Message}");
            return QueryResult.None;
        }
    }

    // What a table holds after the job is asked for by a second one, which is Presto's even for Hive. It must not fail the task.
    private async Task<OperatorOutcome?> PreviewTableAsync(QueryJobId id, CancellationToken cancellationToken)
    {
        if (!options.Preview || options.Target is not { } table || task.State.GetBooleanOr(PreviewDone, false))
        {
            return null;
        }

        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"-- preview results of job id {id}\nSELECT * FROM {table.ToSql(QueryEngine.Presto)} LIMIT {TdResultReader.PreviewRows}");
        var request = task.Query(database, text, text, scheduledTime: null);
        try
        {
            var step = await new TaskJob(task, "previewJob").AdvanceAsync(
                request, (key, token) => task.Backend.SubmitAsync(request with { DomainKey = key }, token), cancellationToken).ConfigureAwait(false);
            if (step is JobStep.Waiting waiting)
            {
                return waiting.Outcome;
            }

            var job = ((JobStep.Finished)step).Job;
            await using (job.ConfigureAwait(false))
            {
                var reader = new TdResultReader();
                var result = await job.WaitAsync(cancellationToken).ConfigureAwait(false);
                await reader.ReadAsync(job, result, download: null, TdResultReader.PreviewRows, cancellationToken).ConfigureAwait(false);
                Show($"table {table}", reader.Preview);
            }
        }
        catch (WorkflowException e)
        {
            task.Log.Warn($"Getting rows for preview failed. Ignoring this error. {e.Message}");
        }

        task.State = task.State.With(PreviewDone, true);
        return null;
    }

    private void Show(string what, string? csv) =>
        task.Log.Info(csv is null ? $"preview of {what}: (no results)" : $"preview of {what}:\r\n{csv}");

    private TaskResult Outputs(QueryJobId id, TdResultReader reader, long count)
    {
        var last = ConfigMap.Of(("last_job_id", id.Value), ("last_job", ConfigMap.Of(("id", id.Value), ("num_records", count))));
        return options.StoreLastResults
            ? new TaskResult
            {
                ResetStoreParams = ["td.last_results"],
                StoreParams = ConfigMap.Of(("td", last.With("last_results", reader.First))),
            }
            : new TaskResult { StoreParams = ConfigMap.Of(("td", last)) };
    }
}
