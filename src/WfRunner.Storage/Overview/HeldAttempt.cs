using NodaTime;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Overview;

/// <summary>An attempt that a node has the lease of.</summary>
public sealed record HeldAttempt
{
    /// <summary>The attempt.</summary>
    public required AttemptId Id { get; init; }

    /// <summary>Its session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>Its project.</summary>
    public required ProjectId ProjectId { get; init; }

    /// <summary>The project's name, also when it was deleted.</summary>
    public required string ProjectName { get; init; }

    /// <summary>Its workflow.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>When it was created.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>Name of the node on the lease.</summary>
    public required string Node { get; init; }

    /// <summary>The lease's token: it grows with each change of the holder.</summary>
    public required long Token { get; init; }

    /// <summary>When the lease ends unless it is renewed.</summary>
    public required Instant Until { get; init; }

    /// <summary>Tasks that are running.</summary>
    public required long RunningTasks { get; init; }
}
