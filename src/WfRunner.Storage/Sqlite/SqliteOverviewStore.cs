using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Overview;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Schedules;

namespace WfRunner.Storage.Sqlite;

/// <summary>The overview in SQLite.</summary>
internal sealed class SqliteOverviewStore(SqliteDatabase database) : IOverviewStore
{
    private const string TasksOf = "t.attempt_id = a.id";

    private static readonly string Held = LeaseSql.Held("a.done = 0", TasksOf);
    private static readonly string Queued = LeaseSql.Queued("a.done = 0", "b.done = 0");
    private static readonly string TaskDurations = LeaseSql.TaskDurations("a.done = 1 AND a.success = 1", TasksOf);

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

    public Task<IReadOnlyList<HeldAttempt>> ListHeldAsync(int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<HeldAttempt>>(s => s.Query(Held, LeaseSql.ReadHeld, (int)TaskState.Running, count), cancellationToken);

    public Task<IReadOnlyList<QueuedAttempt>> ListQueuedAsync(int siteId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<QueuedAttempt>>(s => s.Query(Queued, LeaseSql.ReadQueued, siteId, count), cancellationToken);

    public Task<IReadOnlyList<TaskDuration>> ListTaskDurationsAsync(
        ProjectId project, string workflow, Instant before, int runs, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<TaskDuration>>(
            s => s.Query(
                TaskDurations,
                LeaseSql.ReadTaskDuration,
                project.Value,
                workflow,
                AttemptFilter.Seconds(before),
                runs,
                (int)TaskState.Success),
            cancellationToken);

    public async Task<long> SchemaVersionAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(s => s.Number("SELECT max(version) FROM schema_migrations"), cancellationToken).ConfigureAwait(false) ?? 0;
}
