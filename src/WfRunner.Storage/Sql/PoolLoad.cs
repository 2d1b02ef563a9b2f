using WfRunner.Core.Sessions;
using WfRunner.Storage.Pools;

namespace WfRunner.Storage.Sql;

/// <summary>A pool and what is in it.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Running">Attempts that count against its limit.</param>
/// <param name="Queued">Attempts that wait for it.</param>
internal sealed record PoolLoad(StoredPool Pool, long Running, long Queued)
{
    /// <summary>Reads all pools of a tenant, the default one first.</summary>
    public static async Task<List<PoolLoad>> ListAsync(ISqlSession session, int siteId, int siteLimit, CancellationToken cancellationToken)
    {
        var mine = $"a.site_id = p.site_id AND {session.IsNot("a.done")} AND (a.pool_id = p.id OR (a.pool_id IS NULL AND p.concurrency_limit IS NULL))";
        var rows = await session.QueryAsync(
            $"""
            SELECT p.id, p.name, p.concurrency_limit,
                (SELECT count(*) FROM attempts a WHERE {mine} AND {session.IsNot("a.queued")}),
                (SELECT count(*) FROM attempts a WHERE {mine} AND {session.Is("a.queued")})
            FROM pools p WHERE p.site_id = $1 ORDER BY (p.concurrency_limit IS NULL) DESC, p.id
            """,
            static r => (
                Id: new PoolId(r.GetInt64(0)),
                Name: r.GetString(1),
                Limit: r.IsDBNull(2) ? (int?)null : r.GetInt32(2),
                Running: r.GetInt64(3),
                Queued: r.GetInt64(4)),
            cancellationToken,
            siteId).ConfigureAwait(false);
        var rest = Math.Max(0, siteLimit - rows.Sum(r => (long)(r.Limit ?? 0)));
        return rows.ConvertAll(r => new PoolLoad(new StoredPool(r.Id, r.Name, r.Limit ?? (int)rest, r.Limit is null), r.Running, r.Queued));
    }
}
