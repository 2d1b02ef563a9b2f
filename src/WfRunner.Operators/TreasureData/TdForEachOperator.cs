using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Control;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Operators.TreasureData.Results;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// <c>td_for_each&gt;</c>: repeats tasks for each row of a query. Digdag behaviour: operators-td 6; unlike there doubles keep their
/// precision, and too many rows or a nested value fail at once.
/// </summary>
public sealed class TdForEachOperator : TdFamilyOperator
{
    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdForEachOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_for_each",
        "Repeats tasks for each row of a query; the columns are in td.each.",
        TdParameters.QueryCommand,
        [Iterations.Body, Iterations.Parallel, .. TdParameters.Query, .. TdParameters.Connection])
    {
        Stores = ["td"],
    };

    private protected override Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken) =>
        TdQueryJob.QueryOfAsync(task, cancellationToken);

    private protected override IReadOnlyList<string> Describe(TdTask task) => ["repeats the tasks of _do for each row, which is td.each"];

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var job = new TaskJob(task, "job");
        var query = job.Id is null ? await TdQueryText.ReadAsync(task, cancellationToken).ConfigureAwait(false) : null;
        _ = task.Request.Config.GetMap("_do");
        var options = TdOptions.ReadJob(task.Parameters);
        var database = task.Database();
        if (task.IsFirstCall)
        {
            task.Announce();
        }

        var step = await TdQueryJob.AdvanceAsync(
            task, job, options, database, () => query!.Text, task.Request.Attempt.SessionTime, TaskLogLevel.Info, cancellationToken).ConfigureAwait(false);
        if (step is JobStep.Waiting waiting)
        {
            return waiting.Outcome;
        }

        var finished = ((JobStep.Finished)step).Job;
        await using (finished.ConfigureAwait(false))
        {
            var rows = new RowCollector(task.Context.MaximumTasks);
            var outcome = await new TdJobResult(task, database, TdResultOptions.None).UseAsync(finished, rows.AddAsync, cancellationToken).ConfigureAwait(false);
            return outcome is OperatorOutcome.Succeeded { Result: var outputs } ? WithIterations(task.Request, outputs, rows.Rows) : outcome;
        }
    }

    private static OperatorOutcome.Succeeded WithIterations(OperatorRequest request, TaskResult outputs, List<ConfigMap> rows)
    {
        var iterations = Iterations.Of(
            request,
            rows.Select((row, i) => (
                string.Create(CultureInfo.InvariantCulture, $"+td-for-each-{i}"),
                ConfigMap.Of(("td", ConfigMap.Of(("each", row)))))));
        return new OperatorOutcome.Succeeded(((OperatorOutcome.Succeeded)iterations).Result with { StoreParams = outputs.StoreParams });
    }

    /// <summary>Rows as variables. A NULL leaves its variable out, so that it reads as an empty text.</summary>
    private sealed class RowCollector(int limit)
    {
        public List<ConfigMap> Rows { get; } = [];

        public async Task AddAsync(IQueryJob job, QueryResult result, CancellationToken cancellationToken)
        {
            Rows.Clear();
            await foreach (var row in job.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
            {
                if (Rows.Count == limit)
                {
                    throw new TaskFailedException($"Too many tasks. Limit: {limit}");
                }

                Rows.Add(ConfigMap.Of(result.Columns.Zip(row, (column, value) => (column.Name, Checked(value))).Where(v => !v.Item2.IsNull)));
            }
        }

        private static ConfigValue Checked(ConfigValue value) => value is ConfigList or ConfigMap
            ? throw new TaskFailedException($"Unsupported column type: {(value is ConfigList ? "ARRAY" : "MAP")}")
            : TdResultReader.AsJson(value);
    }
}
