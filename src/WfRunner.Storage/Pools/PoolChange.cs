namespace WfRunner.Storage.Pools;

/// <summary>What is to be different about a pool.</summary>
/// <param name="Name">Its name; null leaves it.</param>
/// <param name="Limit">Its limit; null leaves it.</param>
public sealed record PoolChange(string? Name, int? Limit);
