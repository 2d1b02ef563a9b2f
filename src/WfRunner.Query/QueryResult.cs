namespace WfRunner.Query;

/// <summary>What a finished job gives besides its rows.</summary>
/// <param name="Columns">The columns; empty when there is no result.</param>
/// <param name="HasRows">
/// Whether the job has a result at all, possibly without rows. <c>CREATE</c> and <c>INSERT</c> have none, which Treasure Data
/// answers with 404 (operators-td 24).
/// </param>
public sealed record QueryResult(IReadOnlyList<QueryColumn> Columns, bool HasRows)
{
    /// <summary>How many rows the engine counted; null when it does not tell, so that reading them does.</summary>
    public long? RecordCount { get; init; }

    /// <summary>The result of statements that give none.</summary>
    public static QueryResult None { get; } = new([], HasRows: false);
}
