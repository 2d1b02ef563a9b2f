using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A schedule as a server shows it.</summary>
/// <param name="Id">The schedule.</param>
/// <param name="ProjectName">Name of the project; empty where an old server leaves it out.</param>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="WorkflowName">Name of the workflow.</param>
/// <param name="NextSessionTime">The session that starts next, in the workflow's zone.</param>
/// <param name="NextRunTime">When it starts.</param>
/// <param name="DisabledAt">When it was disabled; null while it is enabled.</param>
public sealed record ScheduleView(
    long Id,
    string ProjectName,
    long WorkflowId,
    string WorkflowName,
    OffsetDateTime NextSessionTime,
    Instant NextRunTime,
    Instant? DisabledAt)
{
    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    internal static ScheduleView Read(ConfigMap map) => new(
        map.Id("id"),
        map.ObjectOrEmpty("project").TextOrNull("name") ?? string.Empty,
        map.Object("workflow").Id("id"),
        map.Object("workflow").Text("name"),
        map.OffsetTime("nextScheduleTime"),
        map.Time("nextRunTime"),
        map.TimeOrNull("disabledAt"))
    {
        Json = map,
    };
}
