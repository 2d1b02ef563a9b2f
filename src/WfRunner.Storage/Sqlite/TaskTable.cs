using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Rows;

namespace WfRunner.Storage.Sqlite;

/// <summary>The table of tasks.</summary>
internal static class TaskTable
{
    public static List<TaskRecord> OfAttempt(SqliteSession session, AttemptId attempt) =>
        session.Query(TaskRow.Select + " WHERE attempt_id = $1 ORDER BY id", TaskRow.Read, attempt.Value);

    public static TaskRecord? Find(SqliteSession session, TaskId id) => session.First(TaskRow.Select + " WHERE id = $1", TaskRow.Read, id.Value);

    // What never changes after the insert is left alone by the update.
    public static void Save(SqliteSession session, AttemptId attempt, TaskRecord task) => session.Execute(
        """
        INSERT INTO tasks (id, attempt_id, parent_id, upstreams, full_name, is_group, state, flags, local_config, export_config,
            subtask_config, export_params, reset_store_params, store_params, error, state_params, retry_count, retry_at, started_at,
            updated_at, resuming_task_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        ON CONFLICT (id) DO UPDATE SET state = $7, flags = $8, subtask_config = $11, export_params = $12, reset_store_params = $13,
            store_params = $14, error = $15, state_params = $16, retry_count = $17, retry_at = $18, started_at = $19, updated_at = $20
        """,
        task.Id.Value,
        attempt.Value,
        task.ParentId?.Value,
        Columns.Text(task.Upstreams),
        task.FullName,
        task.IsGroup ? 1 : 0,
        (int)task.State,
        (int)task.Flags,
        Columns.Text(task.LocalConfig),
        Columns.Text(task.ExportConfig),
        Columns.Text(task.Result.SubtaskConfig),
        Columns.Text(task.Result.ExportParams),
        Columns.Text(task.Result.ResetStoreParams),
        Columns.Text(task.Result.StoreParams),
        Columns.Text(task.Error),
        Columns.Text(task.StateParams),
        task.RetryCount,
        Columns.Number(task.RetryAt),
        Columns.Number(task.StartedAt),
        Columns.Number(task.UpdatedAt),
        task.ResumingTaskId?.Value);
}
