using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace WfRunner.Core.Operators;

/// <summary>All operators by name. Built once at start from the operators the composition root names.</summary>
public sealed class OperatorRegistry
{
    private readonly FrozenDictionary<string, IOperator> _byName;

    /// <summary>Collects operators.</summary>
    /// <param name="operators">The operators; no two may share a name.</param>
    public OperatorRegistry(IEnumerable<IOperator> operators) =>
        _byName = operators.ToFrozenDictionary(o => o.Description.Name, StringComparer.Ordinal);

    /// <summary>The descriptions of all operators, by name.</summary>
    public IEnumerable<OperatorDescription> Descriptions =>
        _byName.Values.Select(o => o.Description).OrderBy(d => d.Name, StringComparer.Ordinal);

    /// <summary>Finds an operator.</summary>
    /// <param name="name">The type, for example <c>sh</c>.</param>
    /// <param name="found">The operator.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(string name, [MaybeNullWhen(false)] out IOperator found) => _byName.TryGetValue(name, out found);
}
