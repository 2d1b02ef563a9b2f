using NodaTime;

namespace WfRunner.Query;

/// <summary>A query to run.</summary>
public sealed record QueryRequest : QueryScope
{
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

    /// <summary>
    /// What <c>TD_SCHEDULED_TIME()</c> is: the session time, in whole seconds. Null where the query belongs to no session time (a
    /// preview, a count); then it is the time of the submission.
    /// </summary>
    public Instant? ScheduledTime { get; init; }

    /// <summary>
    /// Identity of this submission, chosen by the caller and kept over restarts: an engine that knows such keys starts one job for
    /// it, however often it is submitted. Null where the caller needs no such promise.
    /// </summary>
    public string? DomainKey { get; init; }

    /// <summary>Priority from -2 to 2; local engines ignore it.</summary>
    public int Priority { get; init; }

    /// <summary>How often the remote engine repeats a failed job; null when nothing was said. Local engines ignore it.</summary>
    public int? RetryLimit { get; init; }

    /// <summary>Name of a resource pool; local engines ignore it.</summary>
    public string? PoolName { get; init; }

    /// <summary>Version of the engine; local engines ignore it.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>Address that Treasure Data writes the result to; may hold a password.</summary>
    public string? ResultUrl { get; init; }

    /// <summary>Name of the connection that Treasure Data writes the result to.</summary>
    public string? ResultConnection { get; init; }

    /// <summary>Settings of <see cref="ResultConnection"/> as JSON; may hold secrets.</summary>
    public string? ResultSettings { get; init; }

    /// <summary>The scheduled time, or now.</summary>
    internal Instant ReferenceTime => ScheduledTime ?? SystemClock.Instance.GetCurrentInstant();
}
