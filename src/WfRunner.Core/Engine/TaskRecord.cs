using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Engine;

/// <summary>Everything about a task that must survive a crash: what a store keeps, and what the API shows. Immutable.</summary>
public sealed record TaskRecord
{
    /// <summary>The task.</summary>
    public required TaskId Id { get; init; }

    /// <summary>The task it hangs below; null for the root.</summary>
    public TaskId? ParentId { get; init; }

    /// <summary>The siblings that must succeed first; an id may stand twice (engine 3.3).</summary>
    public IReadOnlyList<TaskId> Upstreams { get; init; } = [];

    /// <summary>Names of all ancestors and its own, joined: <c>+wf+load^sub+loop-0</c>.</summary>
    public required string FullName { get; init; }

    /// <summary>Whether it only groups other tasks.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>Its state.</summary>
    public required TaskState State { get; init; }

    /// <summary>Its marks.</summary>
    public TaskFlags Flags { get; init; }

    /// <summary>The task's own keys, unevaluated, without <c>_export</c> and children.</summary>
    public ConfigMap LocalConfig { get; init; } = ConfigMap.Empty;

    /// <summary>The task's <c>_export</c>, unevaluated.</summary>
    public ConfigMap ExportConfig { get; init; } = ConfigMap.Empty;

    /// <summary>What its operator returned.</summary>
    public TaskResult Result { get; init; } = TaskResult.Empty;

    /// <summary>The error of a failed operator: <c>{"message": …}</c>; empty when there is none.</summary>
    public ConfigMap Error { get; init; } = ConfigMap.Empty;

    /// <summary>What its operator saved for the next poll or retry.</summary>
    public ConfigMap StateParams { get; init; } = ConfigMap.Empty;

    /// <summary>How often it was put back to wait, polls included.</summary>
    public int RetryCount { get; init; }

    /// <summary>When it may run again; null unless it waits.</summary>
    public Instant? RetryAt { get; init; }

    /// <summary>When its operator was called first; never reset. Null for groups.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>When its state changed last.</summary>
    public required Instant UpdatedAt { get; init; }

    /// <summary>The task of an earlier attempt it was copied from, when it was resumed instead of run.</summary>
    public TaskId? ResumingTaskId { get; init; }

    /// <summary>Whether the attempt was asked to stop while the task was not done.</summary>
    public bool IsCancelRequested => (Flags & TaskFlags.CancelRequested) != 0;

    /// <summary>Own <c>_export</c> and own keys merged: where <c>_error</c>, <c>_check</c> and <c>_retry</c> are looked up (dig-language 7.3).</summary>
    public ConfigMap OwnConfig => ExportConfig.Merge(LocalConfig);
}
