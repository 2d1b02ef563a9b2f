using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Checking;

/// <summary>A workflow file that the checks have read: one of the project's workflows, or one that they call.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Name">Path in the project without <c>.dig</c>.</param>
/// <param name="Definition">The definition as far as it could be read.</param>
/// <param name="Tasks">Its tasks; null when the file could not be read at all.</param>
/// <param name="Compiled">Its compiled tasks; null when it does not compile.</param>
internal sealed record CheckedFile(
    string Path, string Name, WorkflowDefinition? Definition, TaskNode? Tasks, IReadOnlyList<CompiledTask>? Compiled)
{
    /// <summary>Folder in the project that relative paths of its tasks start in, with <c>/</c>; empty for the project's folder.</summary>
    public string Workdir => Name.LastIndexOf('/') is var slash and >= 0 ? Name[..slash] : string.Empty;

    /// <summary>Every task that is not switched off.</summary>
    public IEnumerable<TaskNode> ActiveTasks => Tasks is null ? [] : Tasks.WithDescendants().Where(t => !t.IsDisabled);

    /// <summary>The exported parameters at the top.</summary>
    public ConfigMap Exports => Definition?.Config["_export"] as ConfigMap ?? ConfigMap.Empty;
}
