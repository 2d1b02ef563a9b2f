using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Schedules;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Schedules in PostgreSQL.</summary>
internal sealed class PostgreSqlScheduleStore(PostgreSqlDatabase database) : IScheduleStore
{
    public Task<StoredSchedule?> FindAsync(int siteId, ScheduleId id, CancellationToken cancellationToken) =>
        database.ReadAsync((s, c) => FindAsync(s, siteId, id, c), cancellationToken);

    public Task<IReadOnlyList<StoredSchedule>> ListAsync(
        int siteId, ProjectId? project, string? workflow, ScheduleId? lastId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            async (s, c) => await s.QueryAsync(
                ScheduleRow.Select + """
                     WHERE p.site_id = $1 AND ($2 IS NULL OR p.id = $2) AND ($3 IS NULL OR w.name = $3) AND c.id > $4
                    ORDER BY c.id LIMIT $5
                    """,
                ScheduleRow.Read,
                c,
                siteId,
                project?.Value,
                workflow,
                lastId?.Value ?? 0,
                count).ConfigureAwait(false),
            cancellationToken);

    public Task<IReadOnlyList<StoredSchedule>> ListDueAsync(Instant now, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredSchedule>>(
            async (s, c) => await s.QueryAsync(
                ScheduleRow.Select + " WHERE c.disabled_at IS NULL AND c.next_run_time <= $1 ORDER BY c.next_run_time, c.id LIMIT $2",
                ScheduleRow.Read,
                c,
                Columns.Number(now),
                count).ConfigureAwait(false),
            cancellationToken);

    public async Task<Instant?> NextDueAsync(CancellationToken cancellationToken)
    {
        var time = await database.ReadAsync(
            (s, c) => s.NumberAsync("SELECT min(next_run_time) FROM schedules WHERE disabled_at IS NULL", c), cancellationToken)
            .ConfigureAwait(false);
        return time is { } due ? Instant.FromUnixTimeMilliseconds(due) : null;
    }

    public Task<bool> MoveAsync(ScheduleMove move, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(move);
        return database.WriteAsync(
            async (s, c) =>
            {
                var moved = await ScheduleTable.MoveAsync(s, move, c).ConfigureAwait(false);
                await SignalText.SendAsync(s, SignalText.SchedulesChanged, c).ConfigureAwait(false);
                return moved;
            },
            cancellationToken);
    }

    public Task<StoredSchedule?> SetDisabledAsync(
        int siteId, ScheduleId id, Instant? disabledAt, Instant now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async (s, c) =>
            {
                await s.ExecuteAsync(
                    """
                    UPDATE schedules SET disabled_at = $3, updated_at = $4
                    WHERE id = $1 AND project_id IN (SELECT id FROM projects WHERE site_id = $2)
                    """,
                    c,
                    id.Value,
                    siteId,
                    Columns.Number(disabledAt),
                    Columns.Number(now)).ConfigureAwait(false);
                await SignalText.SendAsync(s, SignalText.SchedulesChanged, c).ConfigureAwait(false);
                return await FindAsync(s, siteId, id, c).ConfigureAwait(false);
            },
            cancellationToken);

    private static Task<StoredSchedule?> FindAsync(PostgreSqlSession session, int siteId, ScheduleId id, CancellationToken cancellationToken) =>
        session.FirstAsync(ScheduleRow.Select + " WHERE c.id = $1 AND p.site_id = $2", ScheduleRow.Read, cancellationToken, id.Value, siteId);
}
