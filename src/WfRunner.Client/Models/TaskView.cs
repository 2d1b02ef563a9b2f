using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Client.Models;

/// <summary>A task as a server shows it.</summary>
public sealed record TaskView
{
    /// <summary>The task.</summary>
    public required long Id { get; init; }

    /// <summary>Full name.</summary>
    public required string FullName { get; init; }

    /// <summary>The task above it; null for the root.</summary>
    public long? ParentId { get; init; }

    /// <summary>The siblings before it.</summary>
    public required IReadOnlyList<string> Upstreams { get; init; }

    /// <summary>State as the server names it.</summary>
    public required string State { get; init; }

    /// <summary>Own keys.</summary>
    public required ConfigMap Config { get; init; }

    /// <summary>Export parameters.</summary>
    public required ConfigMap ExportParams { get; init; }

    /// <summary>Store parameters.</summary>
    public required ConfigMap StoreParams { get; init; }

    /// <summary>State parameters.</summary>
    public required ConfigMap StateParams { get; init; }

    /// <summary>Error; empty when there is none.</summary>
    public required ConfigMap Error { get; init; }

    /// <summary>When its state changed last.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <summary>When its operator ran first.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>The server's own object, with the keys that this program does not know.</summary>
    public ConfigMap Json { get; init; } = ConfigMap.Empty;

    internal static TaskView Read(ConfigMap map) => new()
    {
        Id = map.Id("id"),
        FullName = map.Text("fullName"),
        ParentId = map.IdOrNull("parentId"),
        Upstreams = map["upstreams"] is ConfigList list ? [.. list.Items.Select(i => ConfigAccess.AsString("upstreams", i))] : [],
        State = map.Text("state"),
        Config = map.ObjectOrEmpty("config"),
        ExportParams = map.ObjectOrEmpty("exportParams"),
        StoreParams = map.ObjectOrEmpty("storeParams"),
        StateParams = map.ObjectOrEmpty("stateParams"),
        Error = map.ObjectOrEmpty("error"),
        UpdatedAt = map.Time("updatedAt"),
        StartedAt = map.TimeOrNull("startedAt"),
        Json = map,
    };
}
