using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Operators.TreasureData.Results;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary><c>td&gt;</c>: runs a query. Digdag behaviour: operators-td 1, 2 and 24.</summary>
public sealed class TdOperator : TdFamilyOperator
{
    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td",
        "Runs a Presto or Hive query.",
        TdParameters.QueryCommand,
        [
            .. TdParameters.Query,
            new OperatorParameter("create_table", ParameterType.Text, "Table that the result replaces."),
            new OperatorParameter("insert_into", ParameterType.Text, "Table that the result is appended to."),
            .. TdParameters.Result,
            new OperatorParameter("result_url", ParameterType.Text, "Where Treasure Data writes the result.") { ResolvesSecrets = true },
            new OperatorParameter("result_connection", ParameterType.Text, "Connection that Treasure Data writes the result to."),
            new OperatorParameter("result_settings", ParameterType.Any, "Settings of result_connection: an object, or JSON text.") { ResolvesSecrets = true },
            .. TdParameters.Connection,
        ])
    {
        Stores = ["td"],
    };

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var job = new TaskJob(task, "job");

        // Only a submission needs the text; the file may be gone while a job runs.
        var query = job.Id is null ? await TdQueryText.ReadAsync(task, cancellationToken).ConfigureAwait(false) : null;
        var options = TdOptions.Read(task.Parameters);
        var use = TdResultOptions.Read(task.Parameters, options.Target?.Table);
        var database = task.Database();
        var external = options.External.Where(option => !task.LeavesOut(option)).ToList();
        if (task.IsFirstCall)
        {
            task.Announce();
        }

        try
        {
            var step = await job.AdvanceAsync(task.Scope(database), StartAsync, cancellationToken).ConfigureAwait(false);
            if (step is JobStep.Waiting waiting)
            {
                return waiting.Outcome;
            }

            var finished = ((JobStep.Finished)step).Job;
            await using (finished.ConfigureAwait(false))
            {
                return await new TdJobResult(task, database, use).UseAsync(finished, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (QueryFailedException e) when (query is not null && e.InnerException is not Core.WorkflowException)
        {
            throw new TaskFailedException(e.Message + query.Place(e));
        }

        async Task<IQueryJob> StartAsync(string domainKey, CancellationToken token)
        {
            var request = RequestOf(task, options, query!, database);
            var started = await task.Backend.SubmitAsync(
                WithEffects(request, options, external, task) with { DomainKey = domainKey }, token).ConfigureAwait(false);
            task.Log.Info($"Started {options.EngineName} job id={started.Id}:\n{request.Statement}");
            return started;
        }
    }

    private protected override async Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken)
    {
        var query = await TdQueryText.ReadAsync(task, cancellationToken).ConfigureAwait(false);
        return RequestOf(task, TdOptions.Read(task.Parameters), query, task.Database());
    }

    private protected override IReadOnlyList<string> Describe(TdTask task)
    {
        var options = TdOptions.Read(task.Parameters);
        return
        [
            .. options.External.Select(option => task.Outlook(option, option switch
            {
                "result_url" => "Treasure Data writes the result to result_url",
                "result_connection" => $"Treasure Data writes the result to the connection {options.ResultConnection}",
                _ => "with the settings of result_settings",
            })),
            .. TdResultOptions.Read(task.Parameters, options.Target?.Table).Describe(),
        ];
    }

    private static QueryRequest RequestOf(TdTask task, TdOptions options, TdQueryText query, string database)
    {
        var statement = TdStatement.Header(task.Request) + TdStatement.Insert(TdStatement.Command(options.Target, options.Engine), query.Text);
        return options.Apply(task.Query(database, statement, TdStatement.WithoutMarker(query.Text), task.Request.Attempt.SessionTime));
    }

    private static QueryRequest WithEffects(QueryRequest request, TdOptions options, List<string> external, TdTask task) => external.Count == 0
        ? request
        : request with
        {
            ResultUrl = options.ResultUrl is { } url ? SecretTemplate.Replace(url, task.Context.Secrets) : null,
            ResultConnection = options.ResultConnection,
            ResultSettings = options.ResultSettings is { } settings ? ConfigJson.Write(SecretTemplate.Replace(settings, task.Context.Secrets)) : null,
        };
}
