using WfRunner.Query;
using WfRunner.Query.Backends.DuckDb;
using WfRunner.Query.Backends.PostgreSql;
using WfRunner.Query.Backends.Sqlite;
using WfRunner.Query.Backends.TreasureData;
using WfRunner.Query.Backends.Trino;

namespace WfRunner.Operators.TreasureData;

/// <summary>The engines that come with the program.</summary>
public static class QueryBackends
{
    /// <summary>Makes all engines; each serves all tasks.</summary>
    /// <returns>The engines.</returns>
    public static IReadOnlyList<IQueryBackend> All() =>
        [new TreasureDataBackend(), new DuckDbBackend(), new SqliteBackend(), new PostgreSqlBackend(), new TrinoBackend()];
}
