using WfRunner.Core.Dig;

namespace WfRunner.Runtime.Local;

/// <summary>
/// Which tasks of a local run may be resumed from a status file, and which are to run at all: the meaning of <c>--rerun</c>,
/// <c>--start</c>, <c>--goal</c> and <c>--end</c>. Digdag behaviour: cli-local 8.7. Better than Digdag: a generated task belongs
/// where the nearest task written in the file belongs; handlers of failures always run.
/// </summary>
public sealed class TaskSelection
{
    private readonly IReadOnlySet<string>? _resumable;
    private readonly IReadOnlySet<string>? _toRun;

    private TaskSelection(IReadOnlySet<string>? resumable, IReadOnlySet<string>? toRun)
    {
        _resumable = resumable;
        _toRun = toRun;
    }

    /// <summary>All tasks run, and whatever was finished before may be resumed.</summary>
    public static TaskSelection Everything { get; } = new(null, null);

    /// <summary>Works a selection out.</summary>
    /// <param name="tasks">The compiled workflow.</param>
    /// <param name="rerun">Nothing is resumed.</param>
    /// <param name="start">Only what comes before this task is resumed; null for no limit.</param>
    /// <param name="goal">This task runs, what comes before it is resumed or run, nothing else; null for no limit.</param>
    /// <param name="end">Only what comes before this task runs; null for no limit.</param>
    /// <returns>The selection.</returns>
    public static TaskSelection Of(IReadOnlyList<CompiledTask> tasks, bool rerun, CompiledTask? start, CompiledTask? goal, CompiledTask? end)
    {
        var tree = new TaskTree(tasks);
        var resumable = rerun ? new HashSet<string>() : (start ?? goal) is { } from ? tree.Before(from) : null;
        var toRun = goal is not null ? tree.Before(goal).Union(tree.WithDescendants(goal)).ToHashSet(StringComparer.Ordinal)
            : end is not null ? tree.Before(end)
            : null;
        return new TaskSelection(resumable, toRun);
    }

    /// <summary>Whether a task is to run at all.</summary>
    /// <param name="fullName">Full name of the task, generated or written.</param>
    /// <returns>Whether it is.</returns>
    public bool IsToRun(string fullName) =>
        _toRun is null || IsHandlerOfFailure(fullName) || _toRun.Contains(NearestWritten(fullName));

    /// <summary>Whether a task may be resumed from a status file.</summary>
    /// <param name="fullName">Full name of the task, generated or written.</param>
    /// <returns>Whether it may.</returns>
    public bool IsResumable(string fullName) =>
        !IsHandlerOfFailure(fullName) && !fullName.EndsWith("^check", StringComparison.Ordinal)
        && (_resumable is null || _resumable.Contains(NearestWritten(fullName)));

    private static bool IsHandlerOfFailure(string fullName) =>
        fullName.Contains("^error", StringComparison.Ordinal)
        || fullName.Contains("^failure-alert", StringComparison.Ordinal)
        || fullName.Contains("^sla", StringComparison.Ordinal);

    private static string NearestWritten(string fullName) =>
        fullName.IndexOf('^', StringComparison.Ordinal) is var at and >= 0 ? fullName[..at] : fullName;
}
