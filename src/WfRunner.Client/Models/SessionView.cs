using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A session as a server shows it.</summary>
/// <param name="Id">The session.</param>
/// <param name="ProjectName">Name of the project.</param>
/// <param name="WorkflowName">Name of the workflow.</param>
/// <param name="Uuid">Random identity.</param>
/// <param name="Time">The session time, in the workflow's zone.</param>
/// <param name="LastAttempt">The last attempt; null when there is none yet.</param>
public sealed record SessionView(
    long Id, string ProjectName, string WorkflowName, string Uuid, OffsetDateTime Time, LastAttemptView? LastAttempt)
{
    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    /// <summary>One word for the state of its last attempt; <c>pending</c> without one.</summary>
    public string Status => LastAttempt?.Status ?? "pending";

    internal static SessionView Read(ConfigMap map) => new(
        map.Id("id"),
        map.Object("project").Text("name"),
        map.Object("workflow").Text("name"),
        map.Text("sessionUuid"),
        map.OffsetTime("sessionTime"),
        map["lastAttempt"] is ConfigMap last ? LastAttemptView.Read(last) : null)
    {
        Json = map,
    };
}

/// <summary>The last attempt of a session.</summary>
/// <param name="Id">The attempt.</param>
/// <param name="RetryAttemptName">Name of a retry.</param>
/// <param name="IsDone">Whether it has ended.</param>
/// <param name="IsSuccess">Whether it succeeded.</param>
/// <param name="IsCancelRequested">Whether somebody asked it to stop.</param>
/// <param name="Params">Its parameters.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record LastAttemptView(
    long Id, string? RetryAttemptName, bool IsDone, bool IsSuccess, bool IsCancelRequested, ConfigMap Params, Instant CreatedAt)
{
    /// <summary>One word for its state; a killed one reads <c>killed</c>.</summary>
    public string Status => AttemptStatus.Of(IsDone, IsSuccess, IsCancelRequested, ServerStatus);

    /// <summary>The server's own word for its state; null where it sends none, as Digdag does.</summary>
    public string? ServerStatus { get; init; }

    internal static LastAttemptView Read(ConfigMap map) => new(
        map.Id("id"),
        map.TextOrNull("retryAttemptName"),
        map.Flag("done"),
        map.Flag("success"),
        map.Flag("cancelRequested"),
        map.ObjectOrEmpty("params"),
        map.Time("createdAt"))
    {
        ServerStatus = map.TextOrNull("status"),
    };
}
