namespace WfRunner.Storage.Pools;

/// <summary>A condition of a rule.</summary>
/// <param name="Type">What is looked at.</param>
/// <param name="Values">Starts of names, or whole words, by the type; one of them suffices.</param>
public sealed record PoolCondition(PoolConditionType Type, IReadOnlyList<string> Values);
