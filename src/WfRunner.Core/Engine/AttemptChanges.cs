using NodaTime;
using WfRunner.Core.Operators;

namespace WfRunner.Core.Engine;

/// <summary>
/// What one event did to an attempt. The caller saves <see cref="Tasks"/> first, in one transaction, and only then acts on the
/// rest; so a crash between the two repeats the acting, never loses it.
/// </summary>
public sealed record AttemptChanges
{
    /// <summary>Every new or changed task in its final form, ascending by id.</summary>
    public required IReadOnlyList<TaskRecord> Tasks { get; init; }

    /// <summary>Tasks whose operator must be called now; their state is already <see cref="TaskState.Running"/>.</summary>
    public required IReadOnlyList<TaskRecord> ToRun { get; init; }

    /// <summary>Lines for the log.</summary>
    public required IReadOnlyList<EngineNotice> Notices { get; init; }

    /// <summary>Whether the whole attempt is done; afterwards every event is ignored.</summary>
    public required bool IsFinished { get; init; }

    /// <summary>When the next waiting task is due; null when none waits.</summary>
    public required Instant? NextDue { get; init; }
}

/// <summary>Something the engine has to say.</summary>
/// <param name="Level">How serious it is.</param>
/// <param name="Message">The text.</param>
/// <param name="TaskName">Full name of the task it is about; null for the attempt as a whole.</param>
public sealed record EngineNotice(TaskLogLevel Level, string Message, string? TaskName);
