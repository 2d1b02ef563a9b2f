using WfRunner.Query;
using WfRunner.Query.Backends.DuckDb;
using WfRunner.Query.Backends.TreasureData;

namespace WfRunner.Operators.TreasureData;

/// <summary>The engines that come with the program.</summary>
public static class QueryBackends
{
    /// <summary>Makes all engines; each serves all tasks.</summary>
    /// <returns>The engines.</returns>
    public static IReadOnlyList<IQueryBackend> All() => [new TreasureDataBackend(), new DuckDbBackend()];
}
