using System.Data.Common;
using WfRunner.Core.Config;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Pools;

namespace WfRunner.Storage.Sql;

/// <summary>The table of rules that send attempts to pools.</summary>
internal static class PoolRuleTable
{
    private const string Select = "SELECT id, pool_id, priority, conditions FROM pool_rules";

    /// <summary>The rules of a tenant in the order they are tried.</summary>
    public static Task<List<StoredPoolRule>> ListAsync(ISqlSession session, int siteId, CancellationToken cancellationToken) =>
        session.QueryAsync(Select + " WHERE site_id = $1 ORDER BY priority", Read, cancellationToken, siteId);

    public static Task<StoredPoolRule?> FindAsync(ISqlSession session, int siteId, long id, CancellationToken cancellationToken) =>
        session.FirstAsync(Select + " WHERE id = $1 AND site_id = $2", Read, cancellationToken, id, siteId);

    private static StoredPoolRule Read(DbDataReader row) => new(
        row.GetInt64(0), new PoolId(row.GetInt64(1)), row.GetInt32(2), PoolConditionText.Read((ConfigList)ConfigJson.Parse(row.GetString(3))));
}
