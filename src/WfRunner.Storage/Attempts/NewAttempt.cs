using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Projects;

namespace WfRunner.Storage.Attempts;

/// <summary>A request to execute a session.</summary>
public sealed record NewAttempt
{
    /// <summary>The tenant.</summary>
    public required int SiteId { get; init; }

    /// <summary>The workflow; with the session time it identifies the session, whatever its revision.</summary>
    public required StoredWorkflow Workflow { get; init; }

    /// <summary>The session time; cut to whole seconds.</summary>
    public required Instant SessionTime { get; init; }

    /// <summary>Name of a retry; null for the unnamed attempt.</summary>
    public string? RetryAttemptName { get; init; }

    /// <summary>Parameters.</summary>
    public ConfigMap Params { get; init; } = ConfigMap.Empty;

    /// <summary>Tasks of an earlier attempt that count as done.</summary>
    public IReadOnlyList<TaskId> ResumedTasks { get; init; } = [];

    /// <summary>The most attempts of the tenant that may be unfinished, this one included.</summary>
    public required int MaximumRunning { get; init; }

    /// <summary>When it happens.</summary>
    public required Instant Now { get; init; }
}
