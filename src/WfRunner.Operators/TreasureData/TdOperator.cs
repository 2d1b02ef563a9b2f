using System.Text;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary><c>td&gt;</c>: runs a query. Digdag behaviour: operators-td 1, 2 and 24.</summary>
public sealed class TdOperator : IOperator
{
    private const int PreviewRows = 20;

    private readonly QueryBackendSelector _backends;

    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdOperator(QueryBackendSelector backends) => _backends = backends;

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "td",
        "Runs a Presto or Hive query.",
        new OperatorParameter("_command", ParameterType.File, "Path of the query file, or an object with the query under data.", Required: true),
        [
            new OperatorParameter("database", ParameterType.Text, "Database that unqualified tables are in.", Required: true),
            new OperatorParameter("create_table", ParameterType.Text, "Table that the result replaces."),
            new OperatorParameter("insert_into", ParameterType.Text, "Table that the result is appended to."),
            new OperatorParameter("download_file", ParameterType.Text, "CSV file that the result is written to."),
            new OperatorParameter("store_last_results", ParameterType.Boolean, "Stores the first row as td.last_results."),
            new OperatorParameter("preview", ParameterType.Boolean, "Shows the first rows in the log."),
            new OperatorParameter("engine", ParameterType.Text, "presto (default) or hive."),
            new OperatorParameter("priority", ParameterType.Integer, "Priority of the job, -2 to 2."),
            new OperatorParameter("job_retry", ParameterType.Integer, "Retries of the job."),
            new OperatorParameter("backend", ParameterType.Text, "Engine that runs the query, for example duckdb."),
            new OperatorParameter("result_url", ParameterType.Text, "Where Treasure Data writes the result."),
            new OperatorParameter("result_connection", ParameterType.Text, "Connection that Treasure Data writes the result to."),
            new OperatorParameter("result_settings", ParameterType.Map, "Settings of result_connection."),
            new OperatorParameter("presto_pool_name", ParameterType.Text, "Resource pool of Presto jobs."),
            new OperatorParameter("hive_pool_name", ParameterType.Text, "Resource pool of Hive jobs."),
            new OperatorParameter("engine_version", ParameterType.Text, "Version of the engine."),
            new OperatorParameter("hive_engine_version", ParameterType.Text, "Version of the Hive engine."),
            new OperatorParameter("endpoint", ParameterType.Text, "Address of the API."),
            new OperatorParameter("use_ssl", ParameterType.Boolean, "Whether the API is spoken to over TLS."),
        ]);

    /// <inheritdoc/>
    public async Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(context);
        var merged = TdOptions.Merged(request);
        var workspace = Workspace.Of(request, context);
        var (query, source) = await ReadQueryAsync(request, context, workspace, merged, cancellationToken).ConfigureAwait(false);
        var options = TdOptions.Read(merged);
        var backend = _backends.Select(merged, context);
        var job = await SubmitAsync(backend, request, context, options, query, source, cancellationToken).ConfigureAwait(false);
        await using (job.ConfigureAwait(false))
        {
            var completion = await WaitAsync(job, source, cancellationToken).ConfigureAwait(false);
            await UseResultAsync(job, completion, options, workspace, context, cancellationToken).ConfigureAwait(false);
            return new OperatorOutcome.Succeeded(await ResultAsync(job, completion, options, cancellationToken).ConfigureAwait(false));
        }
    }

    private static async Task<(string Query, string? Source)> ReadQueryAsync(
        OperatorRequest request, IOperatorContext context, Workspace workspace, ConfigMap options, CancellationToken cancellationToken)
    {
        if (options["_command"] is ConfigMap inline)
        {
            return (inline.GetString("data"), null);
        }

        if (options["_command"] is null && options.Has("query"))
        {
            return (options.GetString("query"), null);
        }

        var name = options.GetString("_command");
        var span = request.LocalConfig["td>"]?.Span ?? request.LocalConfig["_command"]?.Span;
        return (await workspace.ReadTemplateAsync(name, span, options, context, cancellationToken).ConfigureAwait(false), name);
    }

    private static async Task<IQueryJob> SubmitAsync(
        IQueryBackend backend,
        OperatorRequest request,
        IOperatorContext context,
        TdOptions options,
        string query,
        string? source,
        CancellationToken cancellationToken)
    {
        var statement = TdStatement.Header(request) + TdStatement.Insert(TdStatement.Command(options.Target, options.Engine), query);
        if (backend.Notice is { } notice)
        {
            context.Log.Info(notice);
        }

        try
        {
            var job = await backend.SubmitAsync(
                new QueryRequest
                {
                    ProjectDirectory = context.ProjectDirectory,
                    LocalDirectory = LocalDirectory(request, context),
                    Database = options.Database,
                    Engine = options.Engine,
                    Query = TdStatement.WithoutMarker(query),
                    Statement = statement,
                    Target = options.Target,
                    ScheduledTime = request.Attempt.SessionTime,
                },
                cancellationToken).ConfigureAwait(false);
            context.Log.Info($"Started {options.Engine} job id={job.Id}:\n{statement}");
            return job;
        }
        catch (QueryFailedException e)
        {
            throw Failure(e, source);
        }
    }

    // A server keeps local databases outside of the workspace, which it removes after each task.
    private static string LocalDirectory(OperatorRequest request, IOperatorContext context) =>
        context.SystemConfig.TryGetValue("query.local_directory", out var root)
            ? Path.Combine(root, $"{request.Attempt.ProjectId}")
            : Path.Combine(context.ProjectDirectory, ".digdag", "local");

    private static async Task<QueryCompletion> WaitAsync(IQueryJob job, string? source, CancellationToken cancellationToken)
    {
        try
        {
            return await job.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (QueryFailedException e)
        {
            throw Failure(e, source);
        }
    }

    private static TaskFailedException Failure(QueryFailedException e, string? source)
    {
        var place = (source, e.Line) switch
        {
            (_, null) => source is null ? string.Empty : $" ({source})",
            (null, _) => $" (line {e.Line}, column {e.Column})",
            _ => $" ({source}:{e.Line}:{e.Column})",
        };
        return new TaskFailedException(e.Message + place, null, null);
    }

    private static async Task UseResultAsync(
        IQueryJob job,
        QueryCompletion completion,
        TdOptions options,
        Workspace workspace,
        IOperatorContext context,
        CancellationToken cancellationToken)
    {
        if (options.DownloadFile is { } file)
        {
            if (!completion.HasResult)
            {
                throw new TaskFailedException($"The statement of job '{job.Id}' has no result to download");
            }

            await DownloadAsync(job, completion, workspace.PathOf(file), cancellationToken).ConfigureAwait(false);
        }

        if (options.Preview && completion.HasResult)
        {
            await PreviewAsync(job, completion, context, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task DownloadAsync(IQueryJob job, QueryCompletion completion, string path, CancellationToken cancellationToken)
    {
        // Written aside and renamed: nobody reads half a file.
        var temporary = path + ".tmp";
        var writer = new StreamWriter(temporary, append: false, new UTF8Encoding(false));
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteAsync(TdCsv.Header(completion.Columns)).ConfigureAwait(false);
            await foreach (var row in job.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
            {
                await writer.WriteAsync(TdCsv.Row(row)).ConfigureAwait(false);
            }
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static async Task PreviewAsync(
        IQueryJob job, QueryCompletion completion, IOperatorContext context, CancellationToken cancellationToken)
    {
        var text = new StringBuilder(TdCsv.Header(completion.Columns));
        var count = 0;
        await foreach (var row in job.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (count++ == PreviewRows)
            {
                break;
            }

            text.Append(TdCsv.Row(row));
        }

        context.Log.Info(count == 0 ? $"preview of job id {job.Id}: (no results)" : $"preview of job id {job.Id}:\r\n{text}");
    }

    private static async Task<TaskResult> ResultAsync(
        IQueryJob job, QueryCompletion completion, TdOptions options, CancellationToken cancellationToken)
    {
        var store = ConfigMap.Of(
            ("last_job_id", job.Id),
            ("last_job", ConfigMap.Of(("id", job.Id), ("num_records", completion.RecordCount))));
        if (!options.StoreLastResults)
        {
            return new TaskResult { StoreParams = ConfigMap.Of(("td", store)) };
        }

        var first = ConfigMap.Empty;
        await foreach (var row in job.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
        {
            first = ConfigMap.Of(completion.Columns.Zip(row, (column, value) => (column.Name, value)));
            break;
        }

        return new TaskResult
        {
            ResetStoreParams = ["td.last_results"],
            StoreParams = ConfigMap.Of(("td", store.With("last_results", first))),
        };
    }
}
