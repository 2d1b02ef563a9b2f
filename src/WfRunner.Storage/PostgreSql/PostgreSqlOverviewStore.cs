using System.Globalization;
using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Overview;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Schedules;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>The overview in PostgreSQL.</summary>
internal sealed class PostgreSqlOverviewStore(PostgreSqlDatabase database) : IOverviewStore
{
    private static readonly string TasksOf = string.Create(
        CultureInfo.InvariantCulture, $"t.id >= a.id * {TaskTable.IdsOfAttempt} AND t.id < (a.id + 1) * {TaskTable.IdsOfAttempt}");

    private static readonly string Held = LeaseSql.Held("NOT a.done", TasksOf);
    private static readonly string Queued = LeaseSql.Queued("NOT a.done", "NOT b.done");
    private static readonly string TaskDurations = LeaseSql.TaskDurations("a.done AND a.success", TasksOf);

    public Task<AttemptCounts> CountAttemptsAsync(int siteId, Instant failedSince, CancellationToken cancellationToken)
    {
        const string Count =
            """
            SELECT (SELECT count(*) FROM attempts WHERE site_id = $1 AND NOT done AND lease_node IS NOT NULL),
                (SELECT count(*) FROM attempts WHERE site_id = $1 AND NOT done AND lease_node IS NULL),
                (SELECT count(*) FROM attempts
                    WHERE site_id = $1 AND done AND NOT success AND finished_at >= $2 AND NOT cancel_requested)
            """;
        return database.ReadAsync(
            async (s, c) => (await s.FirstAsync(Count, OverviewSql.ReadCounts, c, siteId, Columns.Number(failedSince)).ConfigureAwait(false))!,
            cancellationToken);
    }

    public async Task<long> CountDueSchedulesAsync(int siteId, Instant before, CancellationToken cancellationToken) =>
        await database.ReadAsync((s, c) => s.NumberAsync(OverviewSql.CountDue, c, siteId, Columns.Number(before)), cancellationToken)
            .ConfigureAwait(false) ?? 0;

    public Task<IReadOnlyList<StoredSchedule>> ListNextSchedulesAsync(int siteId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            async (s, c) => await s.QueryAsync(ScheduleRow.Select + OverviewSql.NextSchedules, ScheduleRow.Read, c, siteId, count)
                .ConfigureAwait(false),
            cancellationToken);

    public Task<IReadOnlyList<NodeLoad>> ListNodesAsync(CancellationToken cancellationToken)
    {
        // The sum of counts is numeric there, and the row is read as a bigint.
        const string List =
            """
            SELECT lease_node, count(*), sum((SELECT count(*) FROM tasks t WHERE t.id >= a.id * $2 AND t.id < (a.id + 1) * $2 AND t.state = $1))::bigint,
                min(created_at)
            FROM attempts a WHERE NOT done AND lease_node IS NOT NULL GROUP BY lease_node ORDER BY lease_node
            """;
        return database.ReadAsync<IReadOnlyList<NodeLoad>>(
            async (s, c) => await s.QueryAsync(List, OverviewSql.ReadNode, c, (int)TaskState.Running, TaskTable.IdsOfAttempt).ConfigureAwait(false),
            cancellationToken);
    }

    public Task<IReadOnlyList<HeldAttempt>> ListHeldAsync(int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<HeldAttempt>>(
            async (s, c) => await s.QueryAsync(Held, LeaseSql.ReadHeld, c, (int)TaskState.Running, count).ConfigureAwait(false), cancellationToken);

    public Task<IReadOnlyList<QueuedAttempt>> ListQueuedAsync(int siteId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<QueuedAttempt>>(
            async (s, c) => await s.QueryAsync(Queued, LeaseSql.ReadQueued, c, siteId, count).ConfigureAwait(false), cancellationToken);

    public Task<IReadOnlyList<TaskDuration>> ListTaskDurationsAsync(
        ProjectId project, string workflow, Instant before, int runs, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<TaskDuration>>(
            async (s, c) => await s.QueryAsync(
                TaskDurations,
                LeaseSql.ReadTaskDuration,
                c,
                project.Value,
                workflow,
                AttemptFilter.Seconds(before),
                runs,
                (int)TaskState.Success).ConfigureAwait(false),
            cancellationToken);

    public async Task<long> SchemaVersionAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync((s, c) => s.NumberAsync("SELECT max(version) FROM wf_migrations", c), cancellationToken).ConfigureAwait(false) ?? 0;
}
