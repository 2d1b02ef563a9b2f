using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A workflow as a server shows it.</summary>
/// <param name="Id">The workflow.</param>
/// <param name="Name">Its name.</param>
/// <param name="ProjectName">Name of its project.</param>
/// <param name="Revision">Name of its revision.</param>
/// <param name="TimeZone">Its time zone.</param>
/// <param name="Config">Its definition.</param>
public sealed record WorkflowInfo(long Id, string Name, string ProjectName, string Revision, string TimeZone, ConfigMap Config)
{
    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    internal static WorkflowInfo Read(ConfigMap map) => new(
        map.Id("id"),
        map.Text("name"),
        map.Object("project").Text("name"),
        map.Text("revision"),
        map.Text("timezone"),
        map.ObjectOrEmpty("config"))
    {
        Json = map,
    };
}
