using NodaTime;

namespace WfRunner.Query;

/// <summary>A query to run.</summary>
public sealed record QueryRequest
{
    /// <summary>Absolute path of the project, whose <c>data/</c> holds fixture tables for local engines.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Absolute path of the folder that holds the databases of local engines; made when missing.</summary>
    public required string LocalDirectory { get; init; }

    /// <summary>The database that unqualified tables belong to.</summary>
    public required string Database { get; init; }

    /// <summary>Dialect of the query.</summary>
    public QueryEngine Engine { get; init; } = QueryEngine.Presto;

    /// <summary>The whole text as a remote engine runs it: header comment, command of the target, query.</summary>
    public required string Statement { get; init; }

    /// <summary>
    /// The query without header and command. A local engine runs this one and applies <see cref="Target"/> itself, in one
    /// transaction (operators-td 24).
    /// </summary>
    public required string Query { get; init; }

    /// <summary>The table that takes the result; null when the rows are the result.</summary>
    public QueryTarget? Target { get; init; }

    /// <summary>What <c>TD_SCHEDULED_TIME()</c> is: the session time, in whole seconds.</summary>
    public required Instant ScheduledTime { get; init; }

    /// <summary>Takes warnings of the engine for the task's log; called from any thread.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Takes texts for people who look for a fault, such as the SQL as it was really run; called from any thread.</summary>
    public Action<string>? Debug { get; init; }

    /// <summary>Priority from -2 to 2; local engines ignore it.</summary>
    public int Priority { get; init; }

    /// <summary>How often the remote engine repeats a failed job; local engines ignore it.</summary>
    public int RetryLimit { get; init; }

    /// <summary>Name of a resource pool; local engines ignore it.</summary>
    public string? PoolName { get; init; }

    /// <summary>Version of the engine; local engines ignore it.</summary>
    public string? EngineVersion { get; init; }
}
