using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;

namespace WfRunner.Storage.Sql;

/// <summary>Where a new attempt counts, and whether it has to wait there.</summary>
/// <param name="Pool">The pool; null where nobody asked for pools.</param>
/// <param name="IsQueued">Whether it waits.</param>
internal sealed record PoolPlace(PoolId? Pool, bool IsQueued)
{
    // Far from the limit, starts need not wait for each other: that many more could not be on their way at once.
    private const int Margin = 1000;

    /// <summary>
    /// Finds the place of an attempt. Refuses one that would be one too many, over all nodes. Digdag counts without a lock, so that
    /// starts at the same time may pass the limit; near it these take turns.
    /// </summary>
    /// <exception cref="WorkflowException">The pool is full, and the attempt may not wait, or too many wait already.</exception>
    public static async Task<PoolPlace> FindAsync(ISqlSession session, NewAttempt request, CancellationToken cancellationToken)
    {
        var takesTurn = request.MaximumRunning <= Margin;
        if (takesTurn)
        {
            await TakeTurnAsync(session, request.SiteId, cancellationToken).ConfigureAwait(false);
        }

        var (load, isOneOfSeveral) = await ChooseAsync(session, request, cancellationToken).ConfigureAwait(false);
        if (!takesTurn && load.Running + Margin > load.Pool.Limit)
        {
            await TakeTurnAsync(session, request.SiteId, cancellationToken).ConfigureAwait(false);
            (load, isOneOfSeveral) = await ChooseAsync(session, request, cancellationToken).ConfigureAwait(false);
        }

        var mayWait = request.MaximumQueued > 0;
        var isQueued = MustWait(load, mayWait);
        if (isQueued && !mayWait)
        {
            throw Refused("running", load.Pool.Limit, load.Running);
        }

        if (isQueued && load.Queued >= request.MaximumQueued)
        {
            throw Refused("queued", request.MaximumQueued, load.Queued);
        }

        return new PoolPlace(isOneOfSeveral || mayWait ? load.Pool.Id : null, isQueued);
    }

    /// <summary>Waits for others that count, or change, the pools of a tenant.</summary>
    public static Task TakeTurnAsync(ISqlSession session, int siteId, CancellationToken cancellationToken) =>
        session.TakeTurnAsync(siteId.ToString(CultureInfo.InvariantCulture), cancellationToken);

    // Who may wait does not overtake those who wait already.
    private static bool MustWait(PoolLoad load, bool mayWait) => load.Running >= load.Pool.Limit || (mayWait && load.Queued > 0);

    private static async Task<(PoolLoad Load, bool IsOneOfSeveral)> ChooseAsync(
        ISqlSession session, NewAttempt request, CancellationToken cancellationToken)
    {
        var loads = await PoolLoad.ListAsync(session, request.SiteId, request.MaximumRunning, cancellationToken).ConfigureAwait(false);
        if (loads.Count == 0)
        {
            await session.ExecuteAsync(
                "INSERT INTO pools (site_id, name) VALUES ($1, 'default') ON CONFLICT DO NOTHING", cancellationToken, request.SiteId).ConfigureAwait(false);
            loads = await PoolLoad.ListAsync(session, request.SiteId, request.MaximumRunning, cancellationToken).ConfigureAwait(false);
        }

        if (loads.Count == 1)
        {
            return (loads[0], false);
        }

        var rules = await PoolRuleTable.ListAsync(session, request.SiteId, cancellationToken).ConfigureAwait(false);
        var rule = rules.Find(r => r.Matches(request.Workflow.ProjectName, request.Workflow.Definition.Name, request.Invocation));
        return (loads.Find(l => l.Pool.Id == rule?.Pool) ?? loads[0], true);
    }

    private static WorkflowException Refused(string what, long limit, long current) =>
        new(FailureKind.AttemptLimitExceeded, string.Create(CultureInfo.InvariantCulture, $"Too many attempts {what}. Limit: {limit}, Current: {current}"));
}
