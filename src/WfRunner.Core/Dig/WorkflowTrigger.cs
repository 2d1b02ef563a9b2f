using WfRunner.Core.Config;
using WfRunner.Core.Diagnostics;

namespace WfRunner.Core.Dig;

/// <summary>
/// What starts a workflow besides its schedule: another workflow of the account, each time an attempt of it has succeeded. A key
/// of the hosted service; Digdag refuses it.
/// </summary>
/// <param name="ProjectName">The project of the workflow that is waited for.</param>
/// <param name="WorkflowName">The workflow that is waited for.</param>
/// <param name="Span">Where the key stands.</param>
public sealed record WorkflowTrigger(string ProjectName, string WorkflowName, SourceSpan? Span)
{
    /// <summary>The key at the top of a file.</summary>
    public const string Key = "trigger";

    private const string Kind = "attempt>";
    private const string WorkflowKey = "dependent_workflow_name";
    private const string ProjectKey = "dependent_project_name";

    /// <summary>Keys below it that mean nothing here; a newer service may know them.</summary>
    public IReadOnlyList<ConfigEntry> UnknownKeys { get; init; } = [];

    /// <summary>Reads the key.</summary>
    /// <param name="entry">The key and its value.</param>
    /// <returns>The trigger.</returns>
    /// <exception cref="ConfigException">Its kind is unknown, or a name is missing.</exception>
    public static WorkflowTrigger Read(ConfigEntry entry)
    {
        if (entry.Value is not ConfigMap section)
        {
            throw Broken(TargetRules.TriggerKind, "trigger: needs attempt>: below it", entry.KeySpan);
        }

        var kinds = section.Where(e => TaskKeys.IsOperator(e.Key)).ToList();
        if (kinds.FindIndex(k => k.Key != Kind) is var other and >= 0)
        {
            throw Broken(TargetRules.TriggerKind, $"unknown kind of trigger: {kinds[other].Key}", kinds[other].KeySpan ?? entry.KeySpan);
        }

        if (kinds.Count == 0)
        {
            throw Broken(TargetRules.TriggerKind, "trigger: does not say its kind: attempt>: is missing", entry.KeySpan);
        }

        return new WorkflowTrigger(Name(section, ProjectKey, entry), Name(section, WorkflowKey, entry), entry.KeySpan)
        {
            UnknownKeys = [.. section.Where(e => e.Key is not (WorkflowKey or ProjectKey or Kind))],
        };
    }

    /// <summary>The section as it stands in a file.</summary>
    /// <returns>The object below <see cref="Key"/>.</returns>
    public ConfigMap ToConfig() => ConfigMap.Of(
        UnknownKeys.Select(e => (e.Key, e.Value)).Prepend((ProjectKey, ProjectName)).Prepend((WorkflowKey, WorkflowName)).Prepend((Kind, ConfigNull.Instance)));

    private static string Name(ConfigMap section, string key, ConfigEntry entry) => section[key] switch
    {
        ConfigText { Value.Length: > 0 } text => text.Value,
        null or ConfigNull => throw Broken(TargetRules.TriggerSource, $"trigger: needs {key}", entry.KeySpan),
        var wrong => throw Broken(TargetRules.TriggerSource, $"{key} must be a name", wrong.Span ?? entry.KeySpan),
    };

    private static ConfigException Broken(DiagnosticRule rule, string message, SourceSpan? span) => new(message, span) { Rule = rule };
}
