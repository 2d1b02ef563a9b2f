using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Storage.Overview;

namespace WfRunner.Server.Http.Models;

/// <summary>How the server is set up and what it does, for those who run it.</summary>
internal sealed record ServerStatus
{
    public required Instant StartedAt { get; init; }

    public required string Node { get; init; }

    public required string Store { get; init; }

    public required long StoreVersion { get; init; }

    public required AttemptCounts Attempts { get; init; }

    public required IReadOnlyList<NodeStatus> Nodes { get; init; }

    public required Oldest<HeldAttempt> Leases { get; init; }

    public required Oldest<QueuedAttempt> Queue { get; init; }

    public required long Followers { get; init; }

    /// <summary>Limits by the names of their keys.</summary>
    public required ConfigMap Limits { get; init; }

    /// <summary>The configuration; what may be a secret is masked.</summary>
    public required ConfigMap Settings { get; init; }
}
