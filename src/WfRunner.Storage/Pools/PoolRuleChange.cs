using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Pools;

/// <summary>What is to be different about a rule.</summary>
/// <param name="Pool">The pool; null leaves it.</param>
/// <param name="Priority">The priority; null leaves it.</param>
/// <param name="Conditions">The conditions; null leaves them.</param>
public sealed record PoolRuleChange(PoolId? Pool, int? Priority, IReadOnlyList<PoolCondition>? Conditions);
