namespace WfRunner.Storage.Sql;

/// <summary>Attempts that wait for room in their pools.</summary>
internal static class PoolQueue
{
    /// <summary>Lets as many of them go on as there is room for, the oldest first. Then any node may take them.</summary>
    public static async Task AdvanceAsync(ISqlSession session, int maximumRunning, CancellationToken cancellationToken)
    {
        var sites = await session.QueryAsync(
            $"SELECT DISTINCT site_id FROM attempts WHERE {session.Is("queued")} ORDER BY site_id", static r => r.GetInt32(0), cancellationToken)
            .ConfigureAwait(false);
        foreach (var site in sites)
        {
            await PoolPlace.TakeTurnAsync(session, site, cancellationToken).ConfigureAwait(false);
            foreach (var load in await PoolLoad.ListAsync(session, site, maximumRunning, cancellationToken).ConfigureAwait(false))
            {
                if (load.Queued > 0 && load.Running < load.Pool.Limit)
                {
                    await AdvanceAsync(session, site, load, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    // One that also waits for another session would only take the place of one that can run.
    private static Task<int> AdvanceAsync(ISqlSession session, int siteId, PoolLoad load, CancellationToken cancellationToken) => session.ExecuteAsync(
        $"""
        UPDATE attempts SET queued = $4 WHERE id IN (
            SELECT a.id FROM attempts a
            WHERE a.site_id = $1 AND a.pool_id = $2 AND {session.Is("a.queued")} AND {session.IsNot("a.done")}
                AND NOT EXISTS (SELECT 1 FROM attempts b WHERE b.session_id = a.waits_for_session AND {session.IsNot("b.done")})
            ORDER BY a.id LIMIT $3)
        """,
        cancellationToken,
        siteId,
        load.Pool.Id.Value,
        load.Pool.Limit - load.Running,
        false);
}
