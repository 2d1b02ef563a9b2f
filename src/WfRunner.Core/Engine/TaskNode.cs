using WfRunner.Core.Config;

namespace WfRunner.Core.Engine;

/// <summary>A task in the graph: its record, its neighbours, and counters that make every transition cost its own size only.</summary>
internal sealed class TaskNode(TaskRecord record, TaskNode? parent)
{
    /// <summary>What is saved.</summary>
    public TaskRecord Record { get; set; } = record;

    public TaskNode? Parent { get; } = parent;

    /// <summary>Children in order of creation, older retry rounds first.</summary>
    public List<TaskNode> Children { get; } = [];

    /// <summary>Siblings that must succeed first, each once.</summary>
    public IReadOnlyList<TaskNode> Upstreams { get; set; } = [];

    public List<TaskNode> Downstreams { get; } = [];

    /// <summary>How many of <see cref="Upstreams"/> have not succeeded.</summary>
    public int PendingUpstreams { get; set; }

    /// <summary>How many children are in a progressing state.</summary>
    public int ProgressingChildren { get; set; }

    /// <summary>Whether this task or one below it stored parameters.</summary>
    public bool HasStores { get; set; }

    /// <summary>Whether the record is among the changes of the event at hand.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Parameters as the task finds them, before its own export; filled when first asked for.</summary>
    public ConfigMap? ParamsBefore { get; set; }

    /// <summary>Parameters as its children find them; filled when first asked for.</summary>
    public ConfigMap? ParamsInside { get; set; }

    public TaskState State => Record.State;
}
