using WfRunner.Core.Dig;
using WfRunner.Core.Scheduling;

namespace WfRunner.Core.Checking;

/// <summary>A workflow as the checks saw it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="File">Its file, relative to the project, with <c>/</c>.</param>
/// <param name="Definition">The definition as far as it could be read; null when the file could not be read at all.</param>
/// <param name="Tasks">The compiled tasks, the root first; null when it does not compile.</param>
/// <param name="NextRuns">The next five entries of its schedule; empty without one.</param>
public sealed record CheckedWorkflow(
    string Name, string File, WorkflowDefinition? Definition, IReadOnlyList<CompiledTask>? Tasks, IReadOnlyList<ScheduleTime> NextRuns);
