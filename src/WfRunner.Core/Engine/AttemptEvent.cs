using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Core.Engine;

/// <summary>Something that happened to an attempt and moves it on.</summary>
/// <param name="At">When it happened.</param>
public abstract record AttemptEvent(Instant At)
{
    /// <summary>A new attempt starts, or one loaded from a store goes on: tasks that were running are handed out again.</summary>
    /// <param name="At">When.</param>
    public sealed record Started(Instant At) : AttemptEvent(At);

    /// <summary>An operator succeeded.</summary>
    /// <param name="At">When.</param>
    /// <param name="Task">Its task.</param>
    /// <param name="Result">What it returned.</param>
    public sealed record TaskSucceeded(Instant At, TaskId Task, TaskResult Result) : AttemptEvent(At);

    /// <summary>An operator failed for good.</summary>
    /// <param name="At">When.</param>
    /// <param name="Task">Its task.</param>
    /// <param name="Error">The error as <c>${error}</c> shows it; holds <c>message</c>.</param>
    public sealed record TaskFailed(Instant At, TaskId Task, ConfigMap Error) : AttemptEvent(At);

    /// <summary>An operator wants to be called again, for a poll or a retry.</summary>
    /// <param name="At">When.</param>
    /// <param name="Task">Its task.</param>
    /// <param name="Interval">How long to wait.</param>
    /// <param name="StateParams">Replaces the saved state as a whole.</param>
    public sealed record TaskToRetry(Instant At, TaskId Task, Duration Interval, ConfigMap StateParams) : AttemptEvent(At);

    /// <summary>Time has passed; waiting tasks that are due move on.</summary>
    /// <param name="At">The time now.</param>
    public sealed record TimePassed(Instant At) : AttemptEvent(At);

    /// <summary>Somebody, or a time-out, asked the attempt to stop.</summary>
    /// <param name="At">When.</param>
    public sealed record CancelRequested(Instant At) : AttemptEvent(At);
}
