using WfRunner.Core.Config;

namespace WfRunner.Core.Dig;

/// <summary>Questions about the tree of a compiled workflow: what comes before a task, what hangs below it, what of it runs alone.</summary>
public sealed class TaskTree
{
    private readonly IReadOnlyList<CompiledTask> _tasks;
    private readonly ILookup<int, CompiledTask> _children;

    /// <summary>Looks at a compiled workflow.</summary>
    /// <param name="tasks">The tasks, root first.</param>
    public TaskTree(IReadOnlyList<CompiledTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        _tasks = tasks;
        _children = tasks.Where(t => t.ParentIndex is not null).ToLookup(t => t.ParentIndex!.Value);
    }

    /// <summary>
    /// The tasks before a task: all its ancestors, and for it and each of them every sibling it depends on, directly or not,
    /// with all descendants of those. The task itself is not among them. Digdag behaviour: cli-local 8.7.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <returns>Full names.</returns>
    public IReadOnlySet<string> Before(CompiledTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var at = task; ; at = _tasks[at.ParentIndex.Value])
        {
            AddUpstreams(at);
            if (at.ParentIndex is null)
            {
                return names;
            }

            names.Add(_tasks[at.ParentIndex.Value].FullName);
        }

        void AddUpstreams(CompiledTask of)
        {
            foreach (var upstream in of.Upstreams.Distinct().Select(u => _tasks[u]))
            {
                if (names.Add(upstream.FullName))
                {
                    names.UnionWith(WithDescendants(upstream));
                    AddUpstreams(upstream);
                }
            }
        }
    }

    /// <summary>A task and everything below it.</summary>
    /// <param name="task">The task.</param>
    /// <returns>Full names.</returns>
    public IReadOnlySet<string> WithDescendants(CompiledTask task) =>
        DepthFirst(task).Select(t => t.FullName).ToHashSet(StringComparer.Ordinal);

    /// <summary>
    /// A workflow of one task alone: below the root, without the tasks it would wait for. The exports of the ancestors that are
    /// left out are kept (Digdag loses them). Digdag behaviour: cli-local 8.2.
    /// </summary>
    /// <param name="task">The task; the root gives the whole workflow.</param>
    /// <returns>The tasks, root first, with new positions.</returns>
    public IReadOnlyList<CompiledTask> Alone(CompiledTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.ParentIndex is null)
        {
            return _tasks;
        }

        var chosen = DepthFirst(task).ToList();
        var position = chosen.Select((t, i) => (t.Index, Position: i + 1)).ToDictionary(p => p.Index, p => p.Position);
        return
        [
            _tasks[0],
            .. chosen.Select(t => t == task
                ? t with { Index = 1, ParentIndex = 0, Upstreams = [], Config = WithInheritedExports(t) }
                : t with
                {
                    Index = position[t.Index],
                    ParentIndex = position[t.ParentIndex!.Value],
                    Upstreams = [.. t.Upstreams.Select(u => position[u])],
                }),
        ];
    }

    private ConfigMap WithInheritedExports(CompiledTask task)
    {
        var exports = task.Config.GetMapOrEmpty("_export");
        for (var at = _tasks[task.ParentIndex!.Value]; at.ParentIndex is { } parent; at = _tasks[parent])
        {
            exports = at.Config.GetMapOrEmpty("_export").Merge(exports);
        }

        return exports.IsEmpty ? task.Config : task.Config.With("_export", exports);
    }

    private IEnumerable<CompiledTask> DepthFirst(CompiledTask task) =>
        _children[task.Index].SelectMany(DepthFirst).Prepend(task);
}
