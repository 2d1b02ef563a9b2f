namespace WfRunner.Query;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in Presto's spelling, for example <c>bigint</c> or <c>array(varchar)</c>.</param>
public sealed record QueryColumn(string Name, string Type);
