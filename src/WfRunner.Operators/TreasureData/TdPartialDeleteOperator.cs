using System.Globalization;
using NodaTime;
using NodaTime.Text;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Results;
using WfRunner.Query;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Operators.TreasureData;

/// <summary>
/// <c>td_partial_delete&gt;</c>: deletes a range of time of a table. Digdag behaviour: operators-td 11 and 24; on other engines a
/// DELETE does it.
/// </summary>
public sealed class TdPartialDeleteOperator : TdFamilyOperator
{
    private const int Hour = 3600;

    private static readonly OffsetDateTimePattern[] OffsetPatterns =
    [
        OffsetDateTimePattern.ExtendedIso,
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<G>"),
    ];

    private static readonly LocalDateTimePattern[] LocalPatterns =
    [
        LocalDateTimePattern.ExtendedIso,
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm"),
    ];

    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdPartialDeleteOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_partial_delete",
        "Deletes a range of time of a table (deprecated).",
        new OperatorParameter("_command", ParameterType.Text, "The table.", Required: true),
        [
            new OperatorParameter("from", ParameterType.Any, "Start, inclusive, a whole hour: unix seconds, or ISO date and time.", Required: true),
            new OperatorParameter("to", ParameterType.Any, "End, exclusive, a whole hour.", Required: true),
            .. TdParameters.Connection,
        ])
    {
        Stores = ["td"],
    };

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var table = task.Parameters.GetString("_command");
        var from = Time(task, "from");
        var to = Time(task, "to");
        if (from.ToUnixTimeSeconds() % Hour != 0 || to.ToUnixTimeSeconds() % Hour != 0)
        {
            throw new ConfigException("'from' and 'to' parameters must be whole hours", task.Parameters.KeySpan("from"));
        }

        var database = task.Database();
        if (task.IsFirstCall)
        {
            task.Announce();
        }

        return task.Backend is TreasureDataBackend
            ? await TdServiceJob.AdvanceAsync(task, database, StartAsync, cancellationToken).ConfigureAwait(false)
            : await DeleteAsync(task, database, TableName.Parse(table), from, to, cancellationToken).ConfigureAwait(false);

        async Task<QueryJobId> StartAsync(string domainKey, CancellationToken token)
        {
            var id = await task.Client(database).DeletePartiallyAsync(database, table, from, to, domainKey, token).ConfigureAwait(false);
            task.Log.Info($"Started partial delete job id={id}");
            return id;
        }
    }

    private protected override Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken)
    {
        var sql = Delete(TableName.Parse(task.Parameters.GetString("_command")), Time(task, "from"), Time(task, "to"));
        return Task.FromResult(task.Backend is TreasureDataBackend
            ? null
            : task.Query(task.Database(), sql, sql, task.Request.Attempt.SessionTime));
    }

    private protected override IReadOnlyList<string> Describe(TdTask task) =>
        [$"deletes the rows of {task.Parameters.GetString("_command")} from {Time(task, "from")} until before {Time(task, "to")}"];

    private static string Delete(TableName table, Instant from, Instant to) => string.Create(
        CultureInfo.InvariantCulture,
        $"DELETE FROM {table.ToSql(QueryEngine.Presto)} WHERE \"time\" >= {from.ToUnixTimeSeconds()} AND \"time\" < {to.ToUnixTimeSeconds()}");

    private static async Task<OperatorOutcome> DeleteAsync(
        TdTask task, string database, TableName table, Instant from, Instant to, CancellationToken cancellationToken)
    {
        var sql = Delete(table, from, to);
        var job = await task.Backend.SubmitAsync(task.Query(database, sql, sql, task.Request.Attempt.SessionTime), cancellationToken).ConfigureAwait(false);
        await using (job.ConfigureAwait(false))
        {
            task.Log.Info($"Started partial delete job id={job.Id}");
            await job.WaitAsync(cancellationToken).ConfigureAwait(false);
            return await new TdJobResult(task, database, TdResultOptions.None).UseAsync(job, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Instant Time(TdTask task, string key)
    {
        var text = task.Parameters.GetString(key);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return Instant.FromUnixTimeSeconds(seconds);
        }

        foreach (var pattern in OffsetPatterns)
        {
            if (pattern.Parse(text) is { Success: true, Value: var zoned })
            {
                return zoned.ToInstant();
            }
        }

        foreach (var pattern in LocalPatterns)
        {
            if (pattern.Parse(text) is { Success: true, Value: var local })
            {
                return local.InZoneLeniently(task.Request.Attempt.TimeZone).ToInstant();
            }
        }

        throw ConfigAccess.Mismatch("unix seconds or date and time", key, task.Parameters[key]!);
    }
}
