namespace WfRunner.Query.Backends.DuckDb;

/// <summary>A table of a local database.</summary>
/// <param name="Name">The table with its database.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Columns">Its columns in order.</param>
public sealed record LocalTable(TableName Name, long Rows, IReadOnlyList<string> Columns);
