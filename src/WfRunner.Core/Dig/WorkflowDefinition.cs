using NodaTime;
using WfRunner.Core.Config;

namespace WfRunner.Core.Dig;

/// <summary>
/// What one top-level .dig file becomes. The zone is kept apart from the config, which holds <c>_export</c> first, then the
/// other settings, then the tasks in file order. Digdag behaviour: dig-language 4.2.
/// </summary>
/// <param name="Name">Name of the workflow: the file's name without <c>.dig</c>.</param>
/// <param name="TimeZone">The zone of session times and local times; UTC unless the file says otherwise.</param>
/// <param name="Config">Everything else, unevaluated.</param>
public sealed record WorkflowDefinition(string Name, DateTimeZone TimeZone, ConfigMap Config)
{
    /// <summary>What starts the workflow besides its schedule; null when nothing does.</summary>
    public WorkflowTrigger? Trigger { get; init; }

    /// <summary>Keys at the top of the file that mean nothing here and were kept out of the config (<see cref="DialectRules"/>).</summary>
    public IReadOnlyList<ConfigEntry> UnknownKeys { get; init; } = [];

    /// <summary>Full name of the root task, <c>+</c> and the workflow's name.</summary>
    public string RootName => "+" + Name;

    /// <summary>The config with the trigger in it, as it is stored and shown.</summary>
    /// <returns>The config.</returns>
    public ConfigMap ToConfig() => Trigger is { } trigger ? Config.With(WorkflowTrigger.Key, trigger.ToConfig()) : Config;

    /// <summary>Takes a definition out of what <see cref="ToConfig"/> made of it.</summary>
    /// <param name="name">Name of the workflow.</param>
    /// <param name="zone">Its zone.</param>
    /// <param name="config">The config.</param>
    /// <returns>The definition.</returns>
    public static WorkflowDefinition OfConfig(string name, DateTimeZone zone, ConfigMap config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config[WorkflowTrigger.Key] is { } trigger
            ? new WorkflowDefinition(name, zone, config.Without(WorkflowTrigger.Key)) { Trigger = WorkflowTrigger.Read(new ConfigEntry(WorkflowTrigger.Key, trigger, null)) }
            : new WorkflowDefinition(name, zone, config);
    }
}
