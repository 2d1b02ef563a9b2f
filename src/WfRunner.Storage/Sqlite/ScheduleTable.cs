using WfRunner.Storage.Rows;
using WfRunner.Storage.Schedules;

namespace WfRunner.Storage.Sqlite;

/// <summary>The table of schedules.</summary>
internal static class ScheduleTable
{
    public static bool Move(SqliteSession session, ScheduleMove move) => session.Execute(
        """
        UPDATE schedules SET next_time = $4, next_run_time = $5, last_session_time = coalesce($6, last_session_time), updated_at = $7
        WHERE id = $1 AND next_time = $2 AND next_run_time = $3
        """,
        move.Schedule.Value,
        Columns.Number(move.From.Time),
        Columns.Number(move.From.RunTime),
        Columns.Number(move.To.Time),
        Columns.Number(move.To.RunTime),
        Columns.Number(move.ExecutedSession),
        Columns.Number(move.Now)) > 0;
}
