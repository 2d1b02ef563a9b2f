using WfRunner.Core.Operators;

namespace WfRunner.Operators.TreasureData;

/// <summary>The family of <c>td&gt;</c>. A new member is one file and one line here.</summary>
public static class TreasureDataOperators
{
    /// <summary>Makes the operators.</summary>
    /// <param name="backends">The engines.</param>
    /// <returns>All operators of the family.</returns>
    public static IReadOnlyList<IOperator> Create(QueryBackendSelector backends) =>
    [
        new TdOperator(backends),
        new TdDdlOperator(backends),
        new TdForEachOperator(backends),
        new TdLoadOperator(backends),
        new TdPartialDeleteOperator(backends),
        new TdResultExportOperator(backends),
        new TdRunOperator(backends),
        new TdTableExportOperator(backends),
        new TdWaitOperator(backends),
        new TdWaitTableOperator(backends),
    ];
}
