using WfRunner.Core.Config;

namespace WfRunner.Core.Operators;

/// <summary>What a successful task gives to other tasks. Digdag behaviour: engine 8.1.</summary>
public sealed record TaskResult
{
    /// <summary>The result of a task that gives nothing.</summary>
    public static TaskResult Empty { get; } = new();

    /// <summary>If not empty, compiled as <c>^sub</c> below the task and run next.</summary>
    public ConfigMap SubtaskConfig { get; init; } = ConfigMap.Empty;

    /// <summary>Seen by the task's generated descendants only.</summary>
    public ConfigMap ExportParams { get; init; } = ConfigMap.Empty;

    /// <summary>Dotted keys, removed from the accumulated parameters before <see cref="StoreParams"/> is merged.</summary>
    public IReadOnlyList<string> ResetStoreParams { get; init; } = [];

    /// <summary>Seen by everything that runs after the task.</summary>
    public ConfigMap StoreParams { get; init; } = ConfigMap.Empty;
}
