using System.Globalization;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;

namespace WfRunner.Operators.Notifications;

/// <summary>Something that people are told about an attempt. Digdag behaviour: engine 19.1.</summary>
public sealed record Notification
{
    /// <summary>When it was made.</summary>
    public required Instant Timestamp { get; init; }

    /// <summary>What it says.</summary>
    public required string Message { get; init; }

    /// <summary>What it is about; null when it is about no attempt.</summary>
    public AttemptInfo? Attempt { get; init; }

    /// <summary>The task that sends it; null when no task does.</summary>
    public string? TaskName { get; init; }

    /// <summary>The content as receivers get it: what is unknown is null.</summary>
    /// <returns>An object of texts and numbers.</returns>
    public ConfigMap ToConfig()
    {
        var about = Attempt;
        return ConfigMap.Of(
            ("timestamp", Timestamp.ToDateTimeUtc().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            ("message", Message),
            ("site_id", Number(about?.SiteId)),
            ("project_id", Number(about?.ProjectId.Value)),
            ("project_name", Text(about?.ProjectName)),
            ("workflow_name", Text(about?.WorkflowName)),
            ("revision", Text(about?.Revision)),
            ("attempt_id", Number(about?.AttemptId.Value)),
            ("session_id", Number(about?.SessionId.Value)),
            ("task_name", Text(TaskName)),
            ("timezone", Text(about?.TimeZone.Id)),
            ("session_uuid", Text(about?.SessionUuid.ToString())),
            ("session_time", Text(about is null ? null : SessionTimeText.Iso(about.SessionTime, about.TimeZone))),
            ("workflow_definition_id", ConfigNull.Instance));
    }

    private static ConfigValue Number(long? value) => value is { } number ? ConfigValue.FromInt64(number) : ConfigNull.Instance;

    private static ConfigValue Text(string? value) => value is null ? ConfigNull.Instance : new ConfigText(value);
}
