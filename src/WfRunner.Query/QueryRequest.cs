using NodaTime;

namespace WfRunner.Query;

/// <summary>A query of a task.</summary>
public sealed record QueryRequest
{
    /// <summary>Absolute path of the project, whose <c>data/</c> holds fixture tables for local engines.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Absolute path of the folder that holds the databases of local engines.</summary>
    public required string LocalDirectory { get; init; }

    /// <summary>The database that unqualified tables are in.</summary>
    public required string Database { get; init; }

    /// <summary>The dialect of the query: <c>presto</c> or <c>hive</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The query alone, as the user wrote it.</summary>
    public required string Query { get; init; }

    /// <summary>The whole text that is sent to a remote engine and shown in the log.</summary>
    public required string Statement { get; init; }

    /// <summary>What becomes of the rows.</summary>
    public required QueryTarget Target { get; init; }

    /// <summary>The reference time of <c>TD_SCHEDULED_TIME()</c>: the session time.</summary>
    public required Instant ScheduledTime { get; init; }
}
