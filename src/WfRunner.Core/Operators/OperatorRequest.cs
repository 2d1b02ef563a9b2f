using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Operators;

/// <summary>One task as its operator sees it. Digdag behaviour: operators-core 2.7.</summary>
public sealed record OperatorRequest
{
    /// <summary>The attempt the task belongs to.</summary>
    public required AttemptInfo Attempt { get; init; }

    /// <summary>The task.</summary>
    public required TaskId TaskId { get; init; }

    /// <summary>Full name, for example <c>+wf+load^sub+loop-0</c>.</summary>
    public required string TaskName { get; init; }

    /// <summary>
    /// All parameters, merged and evaluated. What stands behind <c>name&gt;:</c> is the key <c>_command</c> (absent when null).
    /// </summary>
    public required ConfigMap Config { get; init; }

    /// <summary>Of <see cref="Config"/>, the keys written on the task itself.</summary>
    public required ConfigMap LocalConfig { get; init; }

    /// <summary>What the operator saved at its last poll or retry; empty on the first call.</summary>
    public required ConfigMap StateParams { get; init; }

    /// <summary>How often the task was put back to wait, polls included.</summary>
    public int RetryCount { get; init; }

    /// <summary>When the task ran first.</summary>
    public Instant? StartedAt { get; init; }
}
