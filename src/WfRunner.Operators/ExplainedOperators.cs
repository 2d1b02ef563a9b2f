using WfRunner.Core.Operators;
using WfRunner.Operators.TreasureData;

namespace WfRunner.Operators;

/// <summary>
/// Operators for looking at a workflow's SQL: those of queries only show it, those that steer work as ever, all others do nothing.
/// </summary>
public static class ExplainedOperators
{
    /// <summary>Key of the system configuration that query operators look at; its value is <c>true</c>.</summary>
    public const string ConfigKey = TdTask.ExplainKey;

    private static readonly string[] Steering = ["call", "if", "for_each", "for_range", "loop"];

    /// <summary>Makes the registry.</summary>
    /// <param name="all">The operators as they would run.</param>
    /// <returns>All operators by name.</returns>
    public static OperatorRegistry Of(OperatorRegistry all)
    {
        ArgumentNullException.ThrowIfNull(all);
        return new OperatorRegistry(all.Descriptions.Select(d => all.TryFind(d.Name, out var found)
            && (found is TdFamilyOperator || Steering.Contains(d.Name)) ? found : new IdleOperator(d)));
    }

    private sealed class IdleOperator(OperatorDescription description) : IOperator
    {
        public OperatorDescription Description => description;

        public Task<OperatorOutcome> RunAsync(OperatorRequest request, IOperatorContext context, CancellationToken cancellationToken) =>
            Task.FromResult(OperatorOutcome.Done);
    }
}
