using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A revision of a project as a server shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was pushed.</param>
/// <param name="ArchiveMd5">MD5 of its archive in Base64; null where an old server leaves it out.</param>
public sealed record RevisionInfo(string Name, Instant CreatedAt, string? ArchiveMd5)
{
    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    internal static RevisionInfo Read(ConfigMap map) => new(map.Text("revision"), map.Time("createdAt"), map.TextOrNull("archiveMd5"))
    {
        Json = map,
    };
}
