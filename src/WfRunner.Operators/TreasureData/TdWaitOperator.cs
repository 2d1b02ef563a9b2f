using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData.Jobs;
using WfRunner.Query;

namespace WfRunner.Operators.TreasureData;

/// <summary><c>td_wait&gt;</c>: runs a query again and again until its first value is true. Digdag behaviour: operators-td 7.</summary>
public sealed class TdWaitOperator : TdFamilyOperator
{
    /// <summary>Makes the operator.</summary>
    /// <param name="backends">The engines.</param>
    public TdWaitOperator(QueryBackendSelector backends)
        : base(backends)
    {
    }

    /// <inheritdoc/>
    public override OperatorDescription Description { get; } = new(
        "td_wait",
        "Waits until the first value of a query is true.",
        TdParameters.QueryCommand,
        [TdWaiting.Interval, TdWaiting.Timeout, .. TdParameters.Query, .. TdParameters.Connection]);

    private protected override Task<QueryRequest?> QueryOfAsync(TdTask task, CancellationToken cancellationToken) =>
        TdQueryJob.QueryOfAsync(task, cancellationToken);

    private protected override IReadOnlyList<string> Describe(TdTask task) =>
        [$"waits {TdWaiting.IntervalOf(task.Parameters, task.Context.SystemConfig).TotalSeconds:0} s between tries until the first value of a row is true"];

    private protected override async Task<OperatorOutcome> RunAsync(TdTask task, CancellationToken cancellationToken)
    {
        var job = new TaskJob(task, PollJobs.Key);
        var query = job.Id is null ? await TdQueryText.ReadAsync(task, cancellationToken).ConfigureAwait(false) : null;
        var interval = TdWaiting.IntervalOf(task.Parameters, task.Context.SystemConfig);
        var options = TdOptions.ReadJob(task.Parameters);
        var database = task.Database();
        if (task.IsFirstCall)
        {
            task.Announce();
        }

        return await TdWaiting.WithTimeoutAsync(
            task,
            () => PollJobs.AdvanceAsync(
                task, options, database, () => query!.Text, task.Request.Attempt.SessionTime, interval, IsTrue, cancellationToken)).ConfigureAwait(false);
    }

    // Only NULL, false and the integer 0 are not true.
    private static bool IsTrue(IReadOnlyList<ConfigValue>? row, QueryJobId id) => row switch
    {
        null => false,
        [] => throw new TaskFailedException("Got empty row in result of query"),
        [ConfigNull or ConfigBoolean { Value: false } or ConfigInteger { Value.IsZero: true }, ..] => false,
        _ => true,
    };
}
