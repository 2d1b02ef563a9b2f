using WfRunner.Core.Config;

namespace WfRunner.Core.Dig;

/// <summary>The keys of a task that mean something to the compiler and the engine rather than to an operator.</summary>
public static class TaskKeys
{
    /// <summary>Every key a group may have besides its children, in the order suggestions list them (dig-language 5.3).</summary>
    public static IReadOnlyList<string> GroupKeys { get; } =
    [
        "schedule", "_parallel", "timezone", "_error", "sla", "_check", "_export", "_secrets", "_background", "_retry", "_after",
    ];

    /// <summary>Whether a key names a child task.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it starts with a plus.</returns>
    public static bool IsChild(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.StartsWith('+');
    }

    /// <summary>Whether a key names an operator, such as <c>sh&gt;</c>.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether it ends with a greater-than sign.</returns>
    public static bool IsOperator(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.EndsWith('>');
    }

    /// <summary>Whether a task's own keys make it an operator task.</summary>
    /// <param name="config">The task's keys.</param>
    /// <returns>Whether it has <c>_type</c> or an operator key.</returns>
    public static bool IsOperatorTask(ConfigMap config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Has("_type") || config.Keys.Any(IsOperator);
    }
}
