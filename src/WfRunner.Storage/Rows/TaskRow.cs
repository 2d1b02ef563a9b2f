using System.Data.Common;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Sessions;

namespace WfRunner.Storage.Rows;

/// <summary>A row of tasks.</summary>
internal static class TaskRow
{
    public const string Select =
        """
        SELECT id, parent_id, upstreams, full_name, is_group, state, flags, local_config, export_config, subtask_config,
            export_params, reset_store_params, store_params, error, state_params, retry_count, retry_at, started_at, updated_at,
            resuming_task_id
        FROM tasks
        """;

    public static TaskRecord Read(DbDataReader row) => new()
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
            ResetStoreParams = row.Keys(11),
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
}
