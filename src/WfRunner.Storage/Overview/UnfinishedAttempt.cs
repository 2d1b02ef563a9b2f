using NodaTime;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Overview;

/// <summary>What every unfinished attempt is listed with.</summary>
public abstract record UnfinishedAttempt
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
}
