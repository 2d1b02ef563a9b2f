using WfRunner.Core.Config;

namespace WfRunner.Core.Dig;

/// <summary>A node of a compiled workflow. Indexes count in pre-order, so an upstream always stands before its downstream.</summary>
/// <param name="Index">Position in the compiled list, from 0.</param>
/// <param name="ParentIndex">Position of the parent; null for the first task.</param>
/// <param name="Name">Own name, with its leading <c>+</c> or <c>^</c>.</param>
/// <param name="FullName">Names of all ancestors and the own name, joined.</param>
/// <param name="IsGroup">Whether this only groups other tasks; such a task runs no operator.</param>
/// <param name="Config">The task's keys without its child tasks, unevaluated; <c>_export</c> still among them.</param>
/// <param name="Upstreams">
/// Positions of the siblings that must succeed first, in the order Digdag lists them; a position may stand twice.
/// </param>
public sealed record CompiledTask(
    int Index,
    int? ParentIndex,
    string Name,
    string FullName,
    bool IsGroup,
    ConfigMap Config,
    IReadOnlyList<int> Upstreams);
