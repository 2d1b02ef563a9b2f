namespace WfRunner.Query;

/// <summary>A column of a result.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type in Presto's spelling, for example <c>bigint</c>, <c>array(varchar)</c> or <c>map(varchar,bigint)</c>.</param>
public readonly record struct QueryColumn(string Name, string Type);
