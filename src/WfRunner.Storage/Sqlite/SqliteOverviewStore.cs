using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Storage.Overview;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Schedules;

namespace WfRunner.Storage.Sqlite;

/// <summary>The overview in SQLite.</summary>
internal sealed class SqliteOverviewStore(SqliteDatabase database) : IOverviewStore
{
    public Task<AttemptCounts> CountAttemptsAsync(int siteId, Instant failedSince, CancellationToken cancellationToken)
    {
        const string Count =
            """
            SELECT (SELECT count(*) FROM attempts WHERE site_id = $1 AND done = 0 AND lease_node IS NOT NULL),
                (SELECT count(*) FROM attempts WHERE site_id = $1 AND done = 0 AND lease_node IS NULL),
                (SELECT count(*) FROM attempts
                    WHERE site_id = $1 AND done = 1 AND success = 0 AND finished_at >= $2 AND cancel_requested = 0)
            """;
        return database.ReadAsync(s => s.First(Count, OverviewSql.ReadCounts, siteId, Columns.Number(failedSince))!, cancellationToken);
    }

    public async Task<long> CountDueSchedulesAsync(int siteId, Instant before, CancellationToken cancellationToken) =>
        await database.ReadAsync(s => s.Number(OverviewSql.CountDue, siteId, Columns.Number(before)), cancellationToken).ConfigureAwait(false) ?? 0;

    public Task<IReadOnlyList<StoredSchedule>> ListNextSchedulesAsync(int siteId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            s => s.Query(ScheduleRow.Select + OverviewSql.NextSchedules, ScheduleRow.Read, siteId, count), cancellationToken);

    public Task<IReadOnlyList<NodeLoad>> ListNodesAsync(CancellationToken cancellationToken)
    {
        const string List =
            """
            SELECT lease_node, count(*), sum((SELECT count(*) FROM tasks t WHERE t.attempt_id = a.id AND t.state = $1)), min(created_at)
            FROM attempts a WHERE done = 0 AND lease_node IS NOT NULL GROUP BY lease_node ORDER BY lease_node
            """;
        return database.ReadAsync<IReadOnlyList<NodeLoad>>(s => s.Query(List, OverviewSql.ReadNode, (int)TaskState.Running), cancellationToken);
    }

    public async Task<long> SchemaVersionAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(s => s.Number("SELECT max(version) FROM schema_migrations"), cancellationToken).ConfigureAwait(false) ?? 0;
}
