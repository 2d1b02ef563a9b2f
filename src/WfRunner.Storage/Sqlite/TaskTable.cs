using Microsoft.Data.Sqlite;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Sqlite;

/// <summary>The table of tasks.</summary>
internal static class TaskTable
{
    private const string Select =
        """
        SELECT id, parent_id, upstreams, full_name, is_group, state, flags, local_config, export_config, subtask_config,
            export_params, reset_store_params, store_params, error, state_params, retry_count, retry_at, started_at, updated_at,
            resuming_task_id
        FROM tasks
        """;

    public static List<TaskRecord> OfAttempt(SqliteSession session, AttemptId attempt) =>
        session.Query(Select + " WHERE attempt_id = $1 ORDER BY id", Read, attempt.Value);

    public static TaskRecord? Find(SqliteSession session, TaskId id) => session.First(Select + " WHERE id = $1", Read, id.Value);

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
        Keys(task.Result.ResetStoreParams),
        Columns.Text(task.Result.StoreParams),
        Columns.Text(task.Error),
        Columns.Text(task.StateParams),
        task.RetryCount,
        Columns.Number(task.RetryAt),
        Columns.Number(task.StartedAt),
        Columns.Number(task.UpdatedAt),
        task.ResumingTaskId?.Value);

    private static TaskRecord Read(SqliteDataReader row) => new()
    {
        Id = new TaskId(row.GetInt64(0)),
        ParentId = row.NumberOrNull(1) is { } parent ? new TaskId(parent) : null,
        Upstreams = row.TaskIds(2),
        FullName = row.GetString(3),
        IsGroup = row.GetBoolean(4),
        State = (TaskState)row.GetInt32(5),
        Flags = (TaskFlags)row.GetInt32(6),
        LocalConfig = row.Map(7),
        ExportConfig = row.Map(8),
        Result = new TaskResult
        {
            SubtaskConfig = row.Map(9),
            ExportParams = row.Map(10),
            ResetStoreParams = Keys(row.GetString(11)),
            StoreParams = row.Map(12),
        },
        Error = row.Map(13),
        StateParams = row.Map(14),
        RetryCount = row.GetInt32(15),
        RetryAt = row.TimeOrNull(16),
        StartedAt = row.TimeOrNull(17),
        UpdatedAt = row.Time(18),
        ResumingTaskId = row.NumberOrNull(19) is { } resuming ? new TaskId(resuming) : null,
    };

    private static string Keys(IReadOnlyList<string> keys) =>
        keys.Count == 0 ? "[]" : ConfigJson.Write(new ConfigList(keys.Select(k => new ConfigText(k))));

    private static IReadOnlyList<string> Keys(string json) =>
        json is "[]" ? [] : [.. ((ConfigList)ConfigJson.Parse(json)).Items.Select(i => ConfigAccess.AsString("reset_store_params", i))];
}
