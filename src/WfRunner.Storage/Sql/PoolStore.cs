using System.Globalization;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Pools;

namespace WfRunner.Storage.Sql;

/// <summary>Pools, in either database.</summary>
internal sealed class PoolStore(ISqlDatabase database) : IPoolStore
{
    public Task<IReadOnlyList<StoredPool>> ListAsync(int siteId, int siteLimit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredPool>>(
            async (s, c) => (await PoolLoad.ListAsync(s, siteId, siteLimit, c).ConfigureAwait(false)).ConvertAll(l => l.Pool), cancellationToken);

    public Task<StoredPool> CreateAsync(int siteId, int siteLimit, string name, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (s, c) =>
            {
                await PoolPlace.TakeTurnAsync(s, siteId, c).ConfigureAwait(false);
                var loads = await PoolLoad.ListAsync(s, siteId, siteLimit, c).ConfigureAwait(false);
                RefuseUsedName(loads, name, null);
                RequireRoom(loads[0], loads[0].Pool.Limit - (long)limit);
                var id = await s.NumberAsync(
                    "INSERT INTO pools (site_id, name, concurrency_limit) VALUES ($1, $2, $3) RETURNING id", c, siteId, name, limit).ConfigureAwait(false);
                return new StoredPool(new PoolId(id!.Value), name, limit, IsDefault: false);
            },
            cancellationToken);

    public Task<StoredPool?> UpdateAsync(int siteId, int siteLimit, PoolId id, PoolChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return database.WriteAsync(
            async (s, c) =>
            {
                await PoolPlace.TakeTurnAsync(s, siteId, c).ConfigureAwait(false);
                var loads = await PoolLoad.ListAsync(s, siteId, siteLimit, c).ConfigureAwait(false);
                if (loads.Find(l => l.Pool.Id == id) is not { } load)
                {
                    return null;
                }

                RefuseDefault(load, "changed");
                var changed = load.Pool with { Name = change.Name ?? load.Pool.Name, Limit = change.Limit ?? load.Pool.Limit };
                RefuseUsedName(loads, changed.Name, id);
                RequireRoom(load, changed.Limit);
                RequireRoom(loads[0], loads[0].Pool.Limit - (long)(changed.Limit - load.Pool.Limit));
                await s.ExecuteAsync(
                    "UPDATE pools SET name = $3, concurrency_limit = $4 WHERE id = $1 AND site_id = $2", c, id.Value, siteId, changed.Name, changed.Limit)
                    .ConfigureAwait(false);
                await s.SignalAttemptsFreeAsync(c).ConfigureAwait(false);
                return changed;
            },
            cancellationToken);
    }

    public Task<bool> DeleteAsync(int siteId, PoolId id, CancellationToken cancellationToken) => database.WriteAsync(
        async (s, c) =>
        {
            await PoolPlace.TakeTurnAsync(s, siteId, c).ConfigureAwait(false);
            var loads = await PoolLoad.ListAsync(s, siteId, siteLimit: 0, c).ConfigureAwait(false);
            if (loads.Find(l => l.Pool.Id == id) is not { } load)
            {
                return false;
            }

            RefuseDefault(load, "deleted");
            if (load.Running + load.Queued > 0)
            {
                throw Refused($"Pool {load.Pool.Name} has unfinished attempts: {load.Running + load.Queued}. Wait until they end, or kill them");
            }

            if (await s.NumberAsync("SELECT count(*) FROM pool_rules WHERE pool_id = $1", c, id.Value).ConfigureAwait(false) > 0)
            {
                throw Refused($"Pool {load.Pool.Name} is named by a pool rule. Delete the rule first");
            }

            await s.ExecuteAsync("DELETE FROM pools WHERE id = $1 AND site_id = $2", c, id.Value, siteId).ConfigureAwait(false);
            await s.SignalAttemptsFreeAsync(c).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<StoredPoolRule>> ListRulesAsync(int siteId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredPoolRule>>(
            async (s, c) => await PoolRuleTable.ListAsync(s, siteId, c).ConfigureAwait(false), cancellationToken);

    public Task<StoredPoolRule> CreateRuleAsync(
        int siteId, PoolId pool, int priority, IReadOnlyList<PoolCondition> conditions, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (s, c) =>
            {
                await PoolPlace.TakeTurnAsync(s, siteId, c).ConfigureAwait(false);
                await CheckRuleAsync(s, siteId, pool, priority, null, c).ConfigureAwait(false);
                var id = await s.NumberAsync(
                    "INSERT INTO pool_rules (site_id, pool_id, priority, conditions) VALUES ($1, $2, $3, $4) RETURNING id",
                    c,
                    siteId,
                    pool.Value,
                    priority,
                    ConfigJson.Write(PoolConditionText.Write(conditions))).ConfigureAwait(false);
                return new StoredPoolRule(id!.Value, pool, priority, conditions);
            },
            cancellationToken);

    public Task<StoredPoolRule?> UpdateRuleAsync(int siteId, long id, PoolRuleChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return database.WriteAsync(
            async (s, c) =>
            {
                await PoolPlace.TakeTurnAsync(s, siteId, c).ConfigureAwait(false);
                if (await PoolRuleTable.FindAsync(s, siteId, id, c).ConfigureAwait(false) is not { } rule)
                {
                    return null;
                }

                var changed = rule with
                {
                    Pool = change.Pool ?? rule.Pool,
                    Priority = change.Priority ?? rule.Priority,
                    Conditions = change.Conditions ?? rule.Conditions,
                };
                await CheckRuleAsync(s, siteId, changed.Pool, changed.Priority, id, c).ConfigureAwait(false);
                await s.ExecuteAsync(
                    "UPDATE pool_rules SET pool_id = $2, priority = $3, conditions = $4 WHERE id = $1",
                    c,
                    id,
                    changed.Pool.Value,
                    changed.Priority,
                    ConfigJson.Write(PoolConditionText.Write(changed.Conditions))).ConfigureAwait(false);
                return changed;
            },
            cancellationToken);
    }

    public Task<bool> DeleteRuleAsync(int siteId, long id, CancellationToken cancellationToken) => database.WriteAsync(
        async (s, c) => await s.ExecuteAsync("DELETE FROM pool_rules WHERE id = $1 AND site_id = $2", c, id, siteId).ConfigureAwait(false) > 0,
        cancellationToken);

    private static async Task CheckRuleAsync(
        ISqlSession session, int siteId, PoolId pool, int priority, long? own, CancellationToken cancellationToken)
    {
        if (await session.NumberAsync("SELECT id FROM pools WHERE id = $1 AND site_id = $2", cancellationToken, pool.Value, siteId).ConfigureAwait(false) is null)
        {
            throw new WorkflowException(FailureKind.ResourceNotFound, $"Resource does not exist: pool id={pool}");
        }

        var rules = await PoolRuleTable.ListAsync(session, siteId, cancellationToken).ConfigureAwait(false);
        if (rules.Exists(r => r.Priority == priority && r.Id != own))
        {
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"priority {priority} is used by another pool rule"));
        }
    }

    private static void RefuseDefault(PoolLoad load, string what)
    {
        if (load.Pool.IsDefault)
        {
            throw Refused($"The default pool cannot be {what}: its limit is what the other pools leave");
        }
    }

    private static void RefuseUsedName(List<PoolLoad> loads, string name, PoolId? own)
    {
        if (loads.Exists(l => l.Pool.Name == name && l.Pool.Id != own))
        {
            throw new WorkflowException(FailureKind.ResourceConflict, $"Resource already exists: pool name={name}");
        }
    }

    private static void RequireRoom(PoolLoad load, long limit)
    {
        if (limit < 0)
        {
            throw Refused(string.Create(
                CultureInfo.InvariantCulture,
                $"The pools would exceed the limit of all attempts by {-limit}: pool {load.Pool.Name} has {load.Pool.Limit} left to give"));
        }

        if (limit < load.Pool.Limit && limit < load.Running)
        {
            throw Refused(string.Create(
                CultureInfo.InvariantCulture, $"concurrencyLimit of pool {load.Pool.Name} would be {limit}, but {load.Running} attempts are running in it"));
        }
    }

    private static WorkflowException Refused(string message) => new(FailureKind.IllegalArgument, message);
}
