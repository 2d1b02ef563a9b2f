namespace WfRunner.Query;

/// <summary>The SQL dialect a query is written in: option <c>engine</c> of <c>td&gt;</c>.</summary>
public enum QueryEngine
{
    /// <summary>Presto, today called Trino.</summary>
    Presto,

    /// <summary>Hive.</summary>
    Hive,
}
