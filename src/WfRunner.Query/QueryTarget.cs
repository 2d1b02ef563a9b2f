namespace WfRunner.Query;

/// <summary>What becomes of the rows of a query.</summary>
public enum QueryTargetKind
{
    /// <summary>They are the result.</summary>
    Result,

    /// <summary>They replace a table.</summary>
    CreateTable,

    /// <summary>They are appended to a table.</summary>
    InsertInto,
}

/// <summary>What becomes of the rows of a query.</summary>
/// <param name="Kind">Result, new table or more rows.</param>
/// <param name="Table">The table; null for a result.</param>
public sealed record QueryTarget(QueryTargetKind Kind, TableName? Table)
{
    /// <summary>The rows are the result.</summary>
    public static QueryTarget Result { get; } = new(QueryTargetKind.Result, null);
}
