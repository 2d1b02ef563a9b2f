using WfRunner.Storage.Rows;
using WfRunner.Storage.Schedules;

namespace WfRunner.Storage.Sql;

/// <summary>The table of schedules.</summary>
internal static class ScheduleTable
{
    // Of nodes that move it at the same time one finds it where it was; the others wait for its commit, and then do not.
    public static async Task<bool> MoveAsync(ISqlSession session, ScheduleMove move, CancellationToken cancellationToken) =>
        await session.ExecuteAsync(
            """
            UPDATE schedules SET next_time = $4, next_run_time = $5, last_session_time = coalesce($6, last_session_time), updated_at = $7
            WHERE id = $1 AND next_time = $2 AND next_run_time = $3
            """,
            cancellationToken,
            move.Schedule.Value,
            Columns.Number(move.From.Time),
            Columns.Number(move.From.RunTime),
            Columns.Number(move.To.Time),
            Columns.Number(move.To.RunTime),
            Columns.Number(move.ExecutedSession),
            Columns.Number(move.Now)).ConfigureAwait(false) > 0;
}
