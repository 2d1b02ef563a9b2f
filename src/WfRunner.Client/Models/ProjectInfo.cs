using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A project as a server shows it.</summary>
/// <param name="Id">The project.</param>
/// <param name="Name">Its name.</param>
/// <param name="Revision">Name of its latest revision.</param>
/// <param name="ArchiveType">Where the archive is kept.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="UpdatedAt">When the latest revision was pushed.</param>
public sealed record ProjectInfo(long Id, string Name, string Revision, string ArchiveType, Instant CreatedAt, Instant UpdatedAt)
{
    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    internal static ProjectInfo Read(ConfigMap map) => new(
        map.Id("id"), map.Text("name"), map.Text("revision"), map.Text("archiveType"), map.Time("createdAt"), map.Time("updatedAt"))
    {
        Json = map,
    };
}
