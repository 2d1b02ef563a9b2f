using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary><c>td&gt;</c>: runs a query. Digdag behaviour: operators-td 1, 2 and 24.</summary>
public sealed class TdOperator : IOperator
{
    private const string SkipExternalEffects = "query.skip_external_effects";

    private readonly QueryBackendSelector _backends;

    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdOperator(QueryBackendSelector backends) => _backends = backends;

    /// <inheritdoc/>
    public OperatorDescription Description { get; } = new(
        "td",
        "Runs a Presto or Hive query.",
        new OperatorParameter("_command", ParameterType.File, "Path of the query file, or an object with the query under data."),
        [
            new OperatorParameter("query", ParameterType.Text, "The query itself, when no file is named."),
            new OperatorParameter("database", ParameterType.Text, "Database that unqualified tables are in.", Required: true),
            new OperatorParameter("create_table", ParameterType.Text, "Table that the result replaces."),
            new OperatorParameter("insert_into", ParameterType.Text, "Table that the result is appended to."),
            new OperatorParameter("download_file", ParameterType.Text, "CSV file that the result is written to."),
            new OperatorParameter("store_last_results", ParameterType.Boolean, "Stores the first row as td.last_results."),
            new OperatorParameter("preview", ParameterType.Boolean, "Shows the first rows in the log."),
            new OperatorParameter("engine", ParameterType.Text, "presto (default) or hive."),
            new OperatorParameter("priority", ParameterType.Any, "Priority of the job, -2 to 2."),
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
        var parameters = TdOptions.Merged(request);
        var workspace = Workspace.Of(request, context);
        var query = await TdQueryText.ReadAsync(request, context, workspace, parameters, cancellationToken).ConfigureAwait(false);
        var options = TdOptions.Read(parameters);
        var backend = _backends.Select(request, context);
        RefuseExternalEffects(options, context);
        if (backend.Notice is { } notice)
        {
            context.Log.Info(notice);
        }

        try
        {
            var run = new TdQueryRun(backend, request, context, options);
            return new OperatorOutcome.Succeeded(await run.RunAsync(query.Text, workspace, cancellationToken).ConfigureAwait(false));
        }
        catch (QueryFailedException e)
        {
            throw new TaskFailedException(e.Message + query.Place(e));
        }
    }

    // No local engine can write to another system; a dry rehearsal may leave that out.
    private static void RefuseExternalEffects(TdOptions options, IOperatorContext context)
    {
        foreach (var option in options.External)
        {
            if (context.SystemConfig.GetValueOrDefault(SkipExternalEffects) != "true")
            {
                throw new ConfigException(
                    $"{option} has no meaning on a local engine (set {SkipExternalEffects}=true in the configuration to leave it out)");
            }

            context.Log.Warn($"{option} has no meaning on a local engine and is left out");
        }
    }
}
