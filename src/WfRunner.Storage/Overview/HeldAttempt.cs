using NodaTime;

namespace WfRunner.Storage.Overview;

/// <summary>An attempt that a node has the lease of.</summary>
public sealed record HeldAttempt : UnfinishedAttempt
{
    /// <summary>Name of the node on the lease.</summary>
    public required string Node { get; init; }

    /// <summary>The lease's token: it grows with each change of the holder.</summary>
    public required long Token { get; init; }

    /// <summary>When the lease ends unless it is renewed.</summary>
    public required Instant Until { get; init; }

    /// <summary>Tasks that are running.</summary>
    public required long RunningTasks { get; init; }
}
