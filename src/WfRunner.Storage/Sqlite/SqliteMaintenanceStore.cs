using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Maintenance;
using WfRunner.Storage.Rows;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.Sqlite;

/// <summary>Maintenance in SQLite.</summary>
internal sealed class SqliteMaintenanceStore(SqliteDatabase database) : IMaintenanceStore
{
    private static readonly string OldAttempts =
        AttemptRow.Select + " WHERE a.done = 0 AND a.cancel_requested = 0 AND a.created_at < $1 ORDER BY a.id LIMIT $2";

    private static readonly string OldTasks =
        $"""
        SELECT t.attempt_id, t.id FROM attempts a JOIN tasks t ON t.attempt_id = a.id
        WHERE a.done = 0 AND a.cancel_requested = 0 AND t.state IN ({OverdueTasks.States}) AND t.started_at < $1 ORDER BY t.id LIMIT $2
        """;

    private static readonly string FirstTask =
        $"""
        SELECT min(t.started_at) FROM attempts a JOIN tasks t ON t.attempt_id = a.id
        WHERE a.done = 0 AND a.cancel_requested = 0 AND t.state IN ({OverdueTasks.States})
        """;

    public Task<IReadOnlyList<OverdueAttempt>> ListOverdueAsync(
        Instant attemptsBefore, Instant tasksBefore, int count, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var old = session.Query(OldAttempts, AttemptRow.Read, Columns.Number(attemptsBefore), count);
                var tasks = session.Query(
                    OldTasks, r => (Attempt: new AttemptId(r.GetInt64(0)), Task: new TaskId(r.GetInt64(1))), Columns.Number(tasksBefore), count);
                var attempts = tasks.Select(t => t.Attempt).Distinct().ToDictionary(id => id, id => SqliteDatabase.Finished(AttemptTable.FindAsync(session, id, CancellationToken.None))!);
                return OverdueTasks.Join(old, [.. tasks.Select(t => (attempts[t.Attempt], t.Task))], count);
            },
            cancellationToken);

    public Task<Instant?> NextOverdueAsync(Duration attemptTime, Duration taskTime, CancellationToken cancellationToken) => database.ReadAsync(
        session => OverdueTasks.Earliest(
            session.Number("SELECT min(created_at) FROM attempts WHERE done = 0 AND cancel_requested = 0"),
            attemptTime,
            session.Number(FirstTask),
            taskTime),
        cancellationToken);

    public Task<int> DeleteFinishedAsync(Instant before, int count, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            const string Expired =
                """
                SELECT s.id FROM attempts l JOIN sessions s ON s.last_attempt_id = l.id
                WHERE l.done = 1 AND l.finished_at < $1
                    AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.session_id = s.id AND (a.done = 0 OR a.finished_at >= $1))
                    AND NOT EXISTS (SELECT 1 FROM attempts u WHERE u.done = 0 AND u.resumed_tasks <> '')
                LIMIT $2
                """;
            var sessions = session.Query(Expired, r => r.GetInt64(0), Columns.Number(before), count);
            foreach (var id in sessions)
            {
                session.Execute("DELETE FROM tasks WHERE attempt_id IN (SELECT id FROM attempts WHERE session_id = $1)", id);
                session.Execute("UPDATE attempts SET waits_for_session = NULL WHERE waits_for_session = $1", id);
                session.Execute("DELETE FROM attempts WHERE session_id = $1", id);
                session.Execute("DELETE FROM sessions WHERE id = $1", id);
            }

            return sessions.Count;
        },
        cancellationToken);
}
