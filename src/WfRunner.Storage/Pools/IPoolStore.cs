using WfRunner.Core;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Pools;

/// <summary>
/// Pools, which divide the attempts of a tenant that may run at once, and the rules that send attempts to them. Behaviour of the hosted
/// service: hosted-dialect 11. The limits of all pools always add up to the tenant's.
/// </summary>
public interface IPoolStore
{
    /// <summary>Lists pools, the default one first.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="siteLimit">The most attempts of the tenant that may run at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The pools.</returns>
    Task<IReadOnlyList<StoredPool>> ListAsync(int siteId, int siteLimit, CancellationToken cancellationToken);

    /// <summary>Makes a pool, at the default pool's expense.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="siteLimit">The most attempts of the tenant that may run at once.</param>
    /// <param name="name">Its name.</param>
    /// <param name="limit">Its limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The pool.</returns>
    /// <exception cref="WorkflowException">The name is used, or the default pool cannot give that much.</exception>
    Task<StoredPool> CreateAsync(int siteId, int siteLimit, string name, int limit, CancellationToken cancellationToken);

    /// <summary>Changes a pool. Attempts that wait for it may start now.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="siteLimit">The most attempts of the tenant that may run at once.</param>
    /// <param name="id">The pool.</param>
    /// <param name="change">What is to be different.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The pool as it is now; null when there is none.</returns>
    /// <exception cref="WorkflowException">It is the default pool, the name is used, or more attempts run than one of the limits would be.</exception>
    Task<StoredPool?> UpdateAsync(int siteId, int siteLimit, PoolId id, PoolChange change, CancellationToken cancellationToken);

    /// <summary>Deletes a pool; its limit goes back to the default pool.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The pool.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it existed.</returns>
    /// <exception cref="WorkflowException">It is the default pool, a rule names it, or it has unfinished attempts.</exception>
    Task<bool> DeleteAsync(int siteId, PoolId id, CancellationToken cancellationToken);

    /// <summary>Lists rules, the one that is tried first first.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rules.</returns>
    Task<IReadOnlyList<StoredPoolRule>> ListRulesAsync(int siteId, CancellationToken cancellationToken);

    /// <summary>Makes a rule. Attempts that exist keep their pools.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="priority">The priority.</param>
    /// <param name="conditions">The conditions.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="WorkflowException">There is no such pool, or the priority is used.</exception>
    Task<StoredPoolRule> CreateRuleAsync(
        int siteId, PoolId pool, int priority, IReadOnlyList<PoolCondition> conditions, CancellationToken cancellationToken);

    /// <summary>Changes a rule.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The rule.</param>
    /// <param name="change">What is to be different.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rule as it is now; null when there is none.</returns>
    /// <exception cref="WorkflowException">There is no such pool, or the priority is used.</exception>
    Task<StoredPoolRule?> UpdateRuleAsync(int siteId, long id, PoolRuleChange change, CancellationToken cancellationToken);

    /// <summary>Deletes a rule.</summary>
    /// <param name="siteId">The tenant.</param>
    /// <param name="id">The rule.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it existed.</returns>
    Task<bool> DeleteRuleAsync(int siteId, long id, CancellationToken cancellationToken);
}
