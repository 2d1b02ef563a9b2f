using NodaTime;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Projects;

/// <summary>A project.</summary>
public sealed record StoredProject
{
    /// <summary>The project.</summary>
    public required ProjectId Id { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required int SiteId { get; init; }

    /// <summary>Its name; unique among the living projects of a tenant. A deleted project keeps the name it had.</summary>
    public required string Name { get; init; }

    /// <summary>When it was pushed first.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>When it was deleted; null while it lives.</summary>
    public Instant? DeletedAt { get; init; }

    /// <summary>The revision pushed last.</summary>
    public required StoredRevision LatestRevision { get; init; }
}
