using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Maintenance;
using WfRunner.Storage.Rows;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Maintenance in PostgreSQL. Several nodes may do it at once; each row is changed by one of them.</summary>
internal sealed class PostgreSqlMaintenanceStore(PostgreSqlDatabase database) : IMaintenanceStore
{
    private static readonly string OldAttempts =
        AttemptRow.Select + " WHERE NOT a.done AND NOT a.cancel_requested AND a.created_at < $1 ORDER BY a.id LIMIT $2";

    private static readonly string TasksOfRunning =
        $"""
        FROM attempts a JOIN tasks t ON t.id >= a.id * {TaskTable.IdsOfAttempt} AND t.id < (a.id + 1) * {TaskTable.IdsOfAttempt}
        WHERE NOT a.done AND NOT a.cancel_requested AND t.state IN ({OverdueTasks.States})
        """;

    private static readonly string OldTasks = $"SELECT a.id, t.id {TasksOfRunning} AND t.started_at < $1 ORDER BY t.id LIMIT $2";
    private static readonly string FirstTask = $"SELECT min(t.started_at) {TasksOfRunning}";

    public Task<IReadOnlyList<OverdueAttempt>> ListOverdueAsync(
        Instant attemptsBefore, Instant tasksBefore, int count, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (session, c) =>
            {
                var old = await session.QueryAsync(OldAttempts, AttemptRow.Read, c, Columns.Number(attemptsBefore), count).ConfigureAwait(false);
                var tasks = await session.QueryAsync(
                    OldTasks, static r => (Attempt: new AttemptId(r.GetInt64(0)), Task: new TaskId(r.GetInt64(1))), c, Columns.Number(tasksBefore), count)
                    .ConfigureAwait(false);
                var attempts = new Dictionary<AttemptId, StoredAttempt>();
                foreach (var id in tasks.Select(t => t.Attempt).Distinct())
                {
                    if (await AttemptTable.FindAsync(session, id, c).ConfigureAwait(false) is { } attempt)
                    {
                        attempts.Add(id, attempt);
                    }
                }

                return OverdueTasks.Join(
                    old, [.. tasks.Where(t => attempts.ContainsKey(t.Attempt)).Select(t => (attempts[t.Attempt], t.Task))], count);
            },
            cancellationToken);

    public Task<Instant?> NextOverdueAsync(Duration attemptTime, Duration taskTime, CancellationToken cancellationToken) => database.ReadAsync(
        async (session, c) => OverdueTasks.Earliest(
            await session.NumberAsync("SELECT min(created_at) FROM attempts WHERE NOT done AND NOT cancel_requested", c).ConfigureAwait(false),
            attemptTime,
            await session.NumberAsync(FirstTask, c).ConfigureAwait(false),
            taskTime),
        cancellationToken);

    public Task<int> DeleteFinishedAsync(Instant before, int count, CancellationToken cancellationToken) => database.WriteAsync(
        async (session, c) =>
        {
            // Locked, so that a retry of the session, which locks it too, either comes before and keeps it, or finds it gone.
            const string Expired =
                """
                SELECT s.id FROM attempts l JOIN sessions s ON s.last_attempt_id = l.id
                WHERE l.done AND l.finished_at < $1
                    AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.session_id = s.id AND (NOT a.done OR a.finished_at >= $1))
                    AND NOT EXISTS (SELECT 1 FROM attempts u WHERE NOT u.done AND u.resumed_tasks <> '')
                LIMIT $2 FOR UPDATE OF s SKIP LOCKED
                """;
            var sessions = (await session.QueryAsync(Expired, static r => r.GetInt64(0), c, Columns.Number(before), count).ConfigureAwait(false))
                .ToArray();
            string[] statements =
            [
                $"""
                DELETE FROM tasks t USING attempts a
                WHERE a.session_id = ANY ($1) AND t.id >= a.id * {TaskTable.IdsOfAttempt} AND t.id < (a.id + 1) * {TaskTable.IdsOfAttempt}
                """,
                "UPDATE attempts SET waits_for_session = NULL WHERE waits_for_session = ANY ($1)",
                "DELETE FROM attempts WHERE session_id = ANY ($1)",
                "DELETE FROM sessions WHERE id = ANY ($1)",
            ];
            foreach (var statement in sessions.Length > 0 ? statements : [])
            {
                await session.ExecuteAsync(statement, c, sessions).ConfigureAwait(false);
            }

            return sessions.Length;
        },
        cancellationToken);
}
