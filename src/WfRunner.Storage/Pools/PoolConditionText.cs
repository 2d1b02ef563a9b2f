using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Storage.Pools;

/// <summary>Conditions as the API and the tables write them.</summary>
public static class PoolConditionText
{
    /// <summary>The word that conditions on names carry.</summary>
    private const string StartsWith = "starts_with";

    private static readonly (PoolConditionType Type, string Word)[] Words =
    [
        (PoolConditionType.ProjectName, "project_name"),
        (PoolConditionType.WorkflowName, "workflow_name"),
        (PoolConditionType.WorkflowType, "workflow_type"),
        (PoolConditionType.InvocationType, "invocation_type"),
    ];

    /// <summary>Words of kinds of workflows that the hosted product makes.</summary>
    private static readonly string[] WorkflowTypes =
        ["ab_test", "audience", "customer_journey", "engage", "predictive_scoring", "realtime", "segment_insights", "syndication"];

    /// <summary>Words of the types.</summary>
    public static IEnumerable<string> Types => Words.Select(w => w.Word);

    /// <summary>The word of a type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The word.</returns>
    public static string WordOf(PoolConditionType type) => Array.Find(Words, w => w.Type == type).Word;

    /// <summary>How values of a type are compared.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The word; null where whole words are compared.</returns>
    public static string? OperatorOf(PoolConditionType type) => IsOfNames(type) ? StartsWith : null;

    /// <summary>Writes conditions.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <returns>A list of objects.</returns>
    public static ConfigList Write(IReadOnlyList<PoolCondition> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        return new ConfigList(conditions.Select(Write));
    }

    /// <summary>Reads conditions.</summary>
    /// <param name="list">A list of objects.</param>
    /// <returns>The conditions.</returns>
    /// <exception cref="WorkflowException">Something about them is wrong; the message says what.</exception>
    public static IReadOnlyList<PoolCondition> Read(ConfigList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return list.Items.Count is 1 or 2
            ? [.. list.Items.Select(i => Read(i as ConfigMap ?? throw Bad("a condition must be an object")))]
            : throw Bad("conditions must be one or two");
    }

    private static ConfigMap Write(PoolCondition condition)
    {
        var map = ConfigMap.Of(("type", WordOf(condition.Type)));
        map = OperatorOf(condition.Type) is { } word ? map.With("operator", word) : map;
        return map.With("values", new ConfigList(condition.Values.Select(v => new ConfigText(v))));
    }

    private static PoolCondition Read(ConfigMap map)
    {
        var word = Text(map, "type");
        if (Array.FindIndex(Words, w => w.Word == word) is var index && index < 0)
        {
            throw Bad($"type must be one of {string.Join(", ", Types)}, but is {word}");
        }

        var type = Words[index].Type;
        if (IsOfNames(type) && Text(map, "operator") != StartsWith)
        {
            throw Bad($"operator of {word} must be {StartsWith}");
        }

        if (map["values"] is not ConfigList { Items.Count: > 0 } values || values.Items.Any(v => v is not ConfigText { Value.Length: > 0 }))
        {
            throw Bad($"values of {word} must be texts, and at least one");
        }

        IReadOnlyList<string> texts = [.. values.Items.Cast<ConfigText>().Select(v => v.Value)];
        string[] allowed = type switch
        {
            PoolConditionType.InvocationType => ["on_demand", "scheduled"],
            PoolConditionType.WorkflowType => WorkflowTypes,
            _ => [],
        };
        return allowed.Length == 0 || texts.All(allowed.Contains)
            ? new PoolCondition(type, texts)
            : throw Bad($"values of {word} must be of {string.Join(", ", allowed)}");
    }

    private static bool IsOfNames(PoolConditionType type) => type is PoolConditionType.ProjectName or PoolConditionType.WorkflowName;

    private static string Text(ConfigMap map, string key) => (map[key] as ConfigText)?.Value ?? throw Bad($"{key} of a condition must be a text");

    private static WorkflowException Bad(string message) => new(FailureKind.IllegalArgument, message);
}
