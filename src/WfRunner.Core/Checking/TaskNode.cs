using WfRunner.Core.Config;
using WfRunner.Core.Dig;

namespace WfRunner.Core.Checking;

/// <summary>
/// A task as it is written, with those below it: children, and the tasks that an operator generates from <c>_do</c>,
/// <c>_else_do</c>, <c>_check</c> and <c>_error</c>. Unlike a compiled task it exists even where the workflow is broken.
/// </summary>
internal sealed class TaskNode
{
    private TaskNode(TaskNode? parent, string name, string role, ConfigMap config)
    {
        Parent = parent;
        FullName = parent?.FullName + name;
        Role = role;
        Config = config;
        IsDisabled = config["_disable"] is ConfigBoolean { Value: true } or ConfigText { Value: "true" or "True" };
        foreach (var entry in config)
        {
            if (TaskKeys.IsOperator(entry.Key))
            {
                OperatorEntry ??= entry;
            }
        }

        if (config["_type"] is ConfigText type)
        {
            Operator = type.Value;
            OperatorSpan = config.KeySpan("_type");
            Command = config["_command"];
        }
        else if (OperatorEntry is { } found)
        {
            Operator = found.Key[..^1];
            OperatorSpan = found.KeySpan;
            Command = found.Value;
        }
    }

    /// <summary>The task it hangs below; null for a workflow.</summary>
    public TaskNode? Parent { get; }

    /// <summary>Full name, for messages.</summary>
    public string FullName { get; }

    /// <summary>The key it was written under: <c>+name</c>, <c>_do</c>, <c>_error</c> and so on; empty for a workflow.</summary>
    public string Role { get; }

    /// <summary>All keys, children included.</summary>
    public ConfigMap Config { get; }

    /// <summary>Whether it is switched off, so that nothing in it counts.</summary>
    public bool IsDisabled { get; }

    /// <summary>Name of the operator; null for a group.</summary>
    public string? Operator { get; }

    /// <summary>Where the operator is named.</summary>
    public SourceSpan? OperatorSpan { get; }

    /// <summary>The key that ends in <c>&gt;</c>, if any.</summary>
    public ConfigEntry? OperatorEntry { get; }

    /// <summary>What stands behind the operator.</summary>
    public ConfigValue? Command { get; }

    /// <summary>The tasks below it.</summary>
    public List<TaskNode> Children { get; } = [];

    /// <summary>The keys that are the task's own: no children and nothing generated.</summary>
    public IEnumerable<ConfigEntry> OwnKeys => Config.Where(e => !TaskKeys.IsChild(e.Key) && !IsGenerated(e.Key));

    /// <summary>Builds the tree of a workflow.</summary>
    /// <param name="definition">The definition.</param>
    public static TaskNode Of(WorkflowDefinition definition) => Build(null, definition.RootName, string.Empty, definition.Config);

    /// <summary>This task and everything below it.</summary>
    public IEnumerable<TaskNode> WithDescendants()
    {
        var pending = new Stack<TaskNode>();
        pending.Push(this);
        while (pending.TryPop(out var node))
        {
            yield return node;
            for (var i = node.Children.Count - 1; i >= 0; i--)
            {
                pending.Push(node.Children[i]);
            }
        }
    }

    /// <summary>Whether a key holds tasks that an operator or the engine generates.</summary>
    /// <param name="key">The key.</param>
    public static bool IsGenerated(string key) => key is "_do" or "_else_do" or "_check" or "_error";

    private static TaskNode Build(TaskNode? parent, string name, string role, ConfigMap config)
    {
        var node = new TaskNode(parent, name, role, config);
        if (node.IsDisabled)
        {
            return node;
        }

        foreach (var entry in config)
        {
            if (TaskKeys.IsChild(entry.Key) && AsTask(entry.Value) is { } child)
            {
                node.Children.Add(Build(node, entry.Key, entry.Key, child));
            }
            else if (IsGenerated(entry.Key) && entry.Value is ConfigMap generated)
            {
                var suffix = entry.Key is "_do" or "_else_do" ? "^sub" : "^" + entry.Key[1..];
                node.Children.Add(Build(node, suffix, entry.Key, generated));
            }
        }

        return node;
    }

    private static ConfigMap? AsTask(ConfigValue value)
    {
        switch (value)
        {
            case ConfigMap map:
                return map;
            case ConfigList list when list.Items.All(i => i is ConfigMap):
                return ConfigAccess.AsOrderedMap("+", list);
            default:
                return null;
        }
    }
}
