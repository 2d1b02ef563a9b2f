using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Pools;
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

    /// <summary>The name it gets when its session has an attempt already; null: then it is a conflict.</summary>
    public string? NameWhenRepeated { get; init; }

    /// <summary>Parameters.</summary>
    public ConfigMap Params { get; init; } = ConfigMap.Empty;

    /// <summary>Tasks of an earlier attempt that count as done.</summary>
    public IReadOnlyList<TaskId> ResumedTasks { get; init; } = [];

    /// <summary>The most attempts of the tenant that may be unfinished and do not wait for their pool, this one included.</summary>
    public required int MaximumRunning { get; init; }

    /// <summary>The most attempts that may wait for its pool, this one included; 0: it does not wait, it is refused while the pool is full.</summary>
    public int MaximumQueued { get; init; }

    /// <summary>How it comes to be; pools are chosen by it.</summary>
    public Invocation Invocation { get; init; }

    /// <summary>From when on its <c>sla:</c> counts; null: it has none, as an attempt of a backfill.</summary>
    public Instant? RunTime { get; init; }

    /// <summary>When it happens.</summary>
    public required Instant Now { get; init; }
}
