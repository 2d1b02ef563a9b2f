namespace WfRunner.Query;

/// <summary>The table that takes the result of a query.</summary>
/// <param name="Table">The table.</param>
/// <param name="Mode">Whether it is replaced or appended to.</param>
public sealed record QueryTarget(TableName Table, QueryTargetMode Mode);
