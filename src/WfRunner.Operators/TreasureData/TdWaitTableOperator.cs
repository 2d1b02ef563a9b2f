using System.Globalization;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// <c>td_wait_table&gt;</c>: waits for a table, and for a number of rows in it. Digdag behaviour: operators-td 8; unlike there a table
/// of another database is looked for in that one.
/// </summary>
public sealed class TdWaitTableOperator : TdFamilyOperator
{
    private const string Exists = "table_exists";
    private const string Retries = "table_retry";
    private static readonly Duration LongestLook = Duration.FromSeconds(30);

    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdWaitTableOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_wait_table",
        "Waits until a table exists and has enough rows.",
        new OperatorParameter("_command", ParameterType.Text, "The table, with its database where it is another one.", Required: true),
        [
            new OperatorParameter("rows", ParameterType.Integer, "How many rows there must be; 0 by default."),
            TdWaiting.Interval,
            .. TdParameters.Query.Where(p => p.Name != "query"),
            .. TdParameters.Connection,
        ]);

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        _ = task.Parameters.GetString("_command");
        var table = TdOptions.Table("_command", task.Parameters["_command"]!);
        var rows = task.Parameters.GetInt32OrNull("rows") ?? 0;
        var interval = TdWaiting.IntervalOf(task.Parameters, task.Context.SystemConfig);
        var options = TdOptions.ReadJob(task.Parameters);
        var database = task.Database();
        if (task.IsFirstCall)
        {
            task.Announce();
        }

        if (!task.State.GetBooleanOr(Exists, false))
        {
            if (await LookAsync(task, table, database, interval, cancellationToken).ConfigureAwait(false) is { } later)
            {
                return later;
            }

            task.State = task.State.With(Exists, true).Without(Retries);
        }

        return rows <= 0
            ? OperatorOutcome.Done
            : await PollJobs.AdvanceAsync(
                task, options, database, () => Count(table, rows, options.Engine), null, interval, (row, id) => IsEnough(row, id, rows), cancellationToken)
                .ConfigureAwait(false);
    }

    private protected override Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken)
    {
        var rows = task.Parameters.GetInt32OrNull("rows") ?? 0;
        if (rows <= 0)
        {
            return Task.FromResult<QueryRequest?>(null);
        }

        var options = TdOptions.ReadJob(task.Parameters);
        var count = Count(TdOptions.Table("_command", task.Parameters["_command"]!), rows, options.Engine);
        return Task.FromResult<QueryRequest?>(options.Apply(task.Query(task.Database(), count, count, scheduledTime: null)));
    }

    private protected override IReadOnlyList<string> Describe(TdTask task)
    {
        var rows = task.Parameters.GetInt32OrNull("rows") ?? 0;
        return
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"waits until the table {task.Parameters.GetString("_command")} exists{(rows > 0 ? $" and has {rows} rows" : string.Empty)}"),
        ];
    }

    private static async Task<OperatorOutcome?> LookAsync(
        TdTask task, TableName table, string database, Duration interval, CancellationToken cancellationToken)
    {
        try
        {
            var catalog = await task.Backend.OpenCatalogAsync(task.Scope(database), cancellationToken).ConfigureAwait(false);
            await using (catalog.ConfigureAwait(false))
            {
                return await catalog.TableExistsAsync(table, cancellationToken).ConfigureAwait(false)
                    ? null
                    : task.Later(Duration.Min(interval, LongestLook));
            }
        }
        catch (QueryServiceException e)
        {
            task.Log.Warn($"Failed to check existence of table '{table.Database ?? database}.{table.Table}': {e.Message}");
            if (e.IsPermanent)
            {
                throw;
            }

            var iteration = task.State.GetInt64OrNull(Retries) ?? 0;
            task.State = task.State.With(Retries, iteration + 1);
            return task.Later(PollIntervals.OfRetries(task.Context.SystemConfig).After(iteration));
        }
    }

    private static string Count(TableName table, int rows, QueryEngine engine) => engine == QueryEngine.Hive
        ? string.Create(CultureInfo.InvariantCulture, $"select count(*) from (select * from {table.ToSql(engine)} limit {rows}) sub")
        : $"select count(*) from {table.ToSql(engine)}";

    private static bool IsEnough(IReadOnlyList<ConfigValue>? row, QueryJobId id, int rows) => row switch
    {
        null => throw new TaskFailedException($"Got unexpected empty result for count job: {id}"),
        [ConfigInteger count] => count.Value >= rows,
        [var other] => throw new TaskFailedException($"Got unexpected value type count job: {other.Kind.ToString().ToUpperInvariant()}"),
        _ => throw new TaskFailedException($"Got unexpected result row size for count job: {row.Count}"),
    };
}
