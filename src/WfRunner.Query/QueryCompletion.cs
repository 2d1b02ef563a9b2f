namespace WfRunner.Query;

/// <summary>How a query ended.</summary>
/// <param name="Columns">Columns of the result; none for a statement without one.</param>
/// <param name="RecordCount">Number of result rows; 0 for a statement without a result.</param>
/// <param name="HasResult">Whether there are rows to read, be it none.</param>
public sealed record QueryCompletion(IReadOnlyList<QueryColumn> Columns, long RecordCount, bool HasResult);
