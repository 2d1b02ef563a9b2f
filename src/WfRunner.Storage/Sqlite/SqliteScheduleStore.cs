using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Schedules;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.Sqlite;

/// <summary>Schedules in SQLite.</summary>
internal sealed class SqliteScheduleStore(SqliteDatabase database) : IScheduleStore
{
    public Task<StoredSchedule?> FindAsync(int siteId, ScheduleId id, CancellationToken cancellationToken) =>
        database.ReadAsync(s => Find(s, siteId, id), cancellationToken);

    public Task<IReadOnlyList<StoredSchedule>> ListAsync(
        int siteId, ProjectId? project, string? workflow, ScheduleId? lastId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            s => s.Query(
                ScheduleRow.Select + """
                     WHERE p.site_id = $1 AND ($2 IS NULL OR p.id = $2) AND ($3 IS NULL OR w.name = $3) AND c.id > $4
                    ORDER BY c.id LIMIT $5
                    """,
                ScheduleRow.Read,
                siteId,
                project?.Value,
                workflow,
                lastId?.Value ?? 0,
                count),
            cancellationToken);

    public Task<IReadOnlyList<StoredSchedule>> ListDueAsync(Instant now, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            s => s.Query(
                ScheduleRow.Select + " WHERE c.disabled_at IS NULL AND c.next_run_time <= $1 ORDER BY c.next_run_time, c.id LIMIT $2",
                ScheduleRow.Read,
                Columns.Number(now),
                count),
            cancellationToken);

    public async Task<Instant?> NextDueAsync(CancellationToken cancellationToken)
    {
        var time = await database.ReadAsync(
            s => s.Number("SELECT min(next_run_time) FROM schedules WHERE disabled_at IS NULL"), cancellationToken).ConfigureAwait(false);
        return time is { } due ? Instant.FromUnixTimeMilliseconds(due) : null;
    }

    public Task<bool> MoveAsync(ScheduleMove move, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(move);
        return ((ISqlDatabase)database).WriteAsync((s, c) => ScheduleTable.MoveAsync(s, move, c), cancellationToken);
    }

    public Task<StoredSchedule?> SetDisabledAsync(
        int siteId, ScheduleId id, Instant? disabledAt, Instant now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    """
                    UPDATE schedules SET disabled_at = $3, updated_at = $4
                    WHERE id = $1 AND project_id IN (SELECT id FROM projects WHERE site_id = $2)
                    """,
                    id.Value,
                    siteId,
                    Columns.Number(disabledAt),
                    Columns.Number(now));
                return Find(session, siteId, id);
            },
            cancellationToken);

    private static StoredSchedule? Find(SqliteSession session, int siteId, ScheduleId id) =>
        session.First(ScheduleRow.Select + " WHERE c.id = $1 AND p.site_id = $2", ScheduleRow.Read, id.Value, siteId);
}
