using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Projects;

/// <summary>One state of a project's files, under a name that is never used again in the project.</summary>
public sealed record StoredRevision
{
    /// <summary>The type of archives that are kept in the database.</summary>
    public const string DatabaseArchive = "db";

    /// <summary>The revision.</summary>
    public required RevisionId Id { get; init; }

    /// <summary>Its project.</summary>
    public required ProjectId ProjectId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was pushed.</summary>
    public required Instant CreatedAt { get; init; }

    /// <summary>Where the archive is kept: <c>db</c>, <c>local</c>, <c>s3</c> or <c>gcs</c>.</summary>
    public required string ArchiveType { get; init; }

    /// <summary>Its key there; null in the database.</summary>
    public string? ArchivePath { get; init; }

    /// <summary>MD5 of the archive as it was uploaded; null when there is no archive.</summary>
    public ReadOnlyMemory<byte>? ArchiveMd5 { get; init; }

    /// <summary>What the authenticator knew of whoever pushed it.</summary>
    public ConfigMap UserInfo { get; init; } = ConfigMap.Empty;
}
