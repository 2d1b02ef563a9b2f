using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Overview;

/// <summary>An unfinished attempt that no node has.</summary>
public sealed record QueuedAttempt : UnfinishedAttempt
{
    /// <summary>The session that has to end before it begins; null when it only waits for a node.</summary>
    public required SessionId? WaitsForSession { get; init; }

    /// <summary>The first unfinished attempt of that session.</summary>
    public required AttemptId? WaitsForAttempt { get; init; }

    /// <summary>Name of the pool that has to have room for it first; null when it only waits for a node, or for the session.</summary>
    public required string? WaitsForPool { get; init; }
}
