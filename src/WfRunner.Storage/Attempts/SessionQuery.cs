using NodaTime;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Attempts;

/// <summary>Which sessions to list, newest first. Digdag behaviour: rest-api 7.6.1.</summary>
public sealed record SessionQuery
{
    /// <summary>The most to return.</summary>
    public required int Count { get; init; }

    /// <summary>Last id of the page before.</summary>
    public SessionId? LastId { get; init; }

    /// <summary>Only of this project.</summary>
    public ProjectId? Project { get; init; }

    /// <summary>Only of the workflows of this name.</summary>
    public string? Workflow { get; init; }

    /// <summary>Only in these states of the last attempt.</summary>
    public AttemptStatuses Statuses { get; init; }

    /// <summary>Only session times at or after this one.</summary>
    public Instant? From { get; init; }

    /// <summary>Only session times before this one.</summary>
    public Instant? To { get; init; }

    /// <summary>Only those that took so long; null for any duration.</summary>
    public DurationRange? Took { get; init; }
}
