using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Pools;

/// <summary>A share of the attempts that may run at once.</summary>
/// <param name="Id">The pool.</param>
/// <param name="Name">Its name, unique in its tenant.</param>
/// <param name="Limit">The most attempts that run at once. That of the default pool is what the others leave of the tenant's limit.</param>
/// <param name="IsDefault">Whether attempts are in it that no rule sends elsewhere.</param>
public sealed record StoredPool(PoolId Id, string Name, int Limit, bool IsDefault);
