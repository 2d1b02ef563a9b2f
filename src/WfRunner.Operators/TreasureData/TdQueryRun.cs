using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>The life of one query of a task: compose, submit, wait, use the result, give the outputs.</summary>
internal sealed class TdQueryRun(IQueryBackend backend, OperatorRequest request, IOperatorContext context, TdOptions options)
{
    public async Task<TaskResult> RunAsync(string query, Workspace workspace, CancellationToken cancellationToken)
    {
        var statement = TdStatement.Header(request) + TdStatement.Insert(TdStatement.Command(options.Target, options.Engine), query);
        var download = options.DownloadFile is { } file ? workspace.PathOf(file) : null;
        var job = await backend.SubmitAsync(RequestFor(statement, TdStatement.WithoutMarker(query)), cancellationToken).ConfigureAwait(false);
        await using (job.ConfigureAwait(false))
        {
            context.Log.Info($"Started {options.EngineName} job id={job.Id}:\n{statement}");
            var reader = await ReadResultAsync(job, download, cancellationToken).ConfigureAwait(false);
            if (options.Preview && options.Target is null)
            {
                ShowPreview($"job id {job.Id}", reader.Preview);
            }

            await PreviewTableAsync(job, cancellationToken).ConfigureAwait(false);
            return Outputs(job.Id, reader);
        }
    }

    private static async Task<TdResultReader> ReadResultAsync(IQueryJob job, string? download, CancellationToken cancellationToken)
    {
        var result = await job.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (download is not null && !result.HasRows)
        {
            throw new TaskFailedException($"Failed to download result of job '{job.Id}': the statement has no result");
        }

        var reader = new TdResultReader();
        if (result.HasRows)
        {
            await reader.ReadAsync(job, result, download, cancellationToken).ConfigureAwait(false);
        }

        return reader;
    }

    private QueryRequest RequestFor(string statement, string query) => new()
    {
        ProjectDirectory = context.ProjectDirectory,
        LocalDirectory = LocalDirectory(),
        Database = options.Database,
        Engine = options.Engine,
        Statement = statement,
        Query = query,
        Target = options.Target,
        ScheduledTime = request.Attempt.SessionTime,
        Priority = options.Priority,
        RetryLimit = options.JobRetry,
        PoolName = options.PoolName,
        EngineVersion = options.EngineVersion,
        Warn = context.Log.Warn,
        Debug = context.Log.Debug,
    };

    // A server keeps local databases outside of the workspace, which it removes after each task.
    private string LocalDirectory() => context.SystemConfig.TryGetValue("query.local_directory", out var root)
        ? Path.Combine(root, request.Attempt.ProjectId.ToString())
        : Path.Combine(context.ProjectDirectory, ".digdag", "local");

    // What a table holds after the job is asked for by a second one, which is Presto's even for Hive.
    private async Task PreviewTableAsync(IQueryJob job, CancellationToken cancellationToken)
    {
        if (!options.Preview || options.Target is not { Table: var table })
        {
            return;
        }

        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"-- preview results of job id {job.Id}\nSELECT * FROM {table.ToSql(QueryEngine.Presto)} LIMIT {TdResultReader.PreviewRows}");
        var query = RequestFor(text, text) with
        {
            Engine = QueryEngine.Presto,
            Target = null,
            Priority = 0,
            RetryLimit = 0,
            PoolName = null,
            EngineVersion = null,
            ScheduledTime = context.Clock.GetCurrentInstant(),
        };
        var preview = await backend.SubmitAsync(query, cancellationToken).ConfigureAwait(false);
        await using (preview.ConfigureAwait(false))
        {
            var reader = await ReadResultAsync(preview, null, cancellationToken).ConfigureAwait(false);
            ShowPreview($"table {table}", reader.Preview);
        }
    }

    private void ShowPreview(string what, string? csv) =>
        context.Log.Info(csv is null ? $"preview of {what}: (no results)" : $"preview of {what}:\r\n{csv}");

    private TaskResult Outputs(QueryJobId id, TdResultReader reader)
    {
        var outputs = ConfigMap.Of(
            ("last_job_id", id.Value),
            ("last_job", ConfigMap.Of(("id", id.Value), ("num_records", reader.Count))));
        return options.StoreLastResults
            ? new TaskResult
            {
                ResetStoreParams = ["td.last_results"],
                StoreParams = ConfigMap.Of(("td", outputs.With("last_results", reader.First))),
            }
            : new TaskResult { StoreParams = ConfigMap.Of(("td", outputs)) };
    }
}
