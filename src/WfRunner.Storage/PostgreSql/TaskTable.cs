using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Rows;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>
/// The table of tasks. The id of a task holds that of its attempt: attempt 12 has the tasks 12000001, 12000002 and so on. So whoever has
/// the lease gives ids out without asking, they are unique all the same, and an attempt's tasks lie together.
/// </summary>
internal static class TaskTable
{
    /// <summary>One more than the most tasks an attempt may have.</summary>
    public const long IdsOfAttempt = 1_000_000;

    /// <summary>
    /// Inserts or updates rows that <c>t</c> names, whose columns are those of <see cref="Arrays"/>. What never changes after the insert
    /// is left alone by the update.
    /// </summary>
    public const string Insert =
        """
        INSERT INTO tasks (id, attempt_id, parent_id, upstreams, full_name, is_group, state, flags, local_config, export_config,
            subtask_config, export_params, reset_store_params, store_params, error, state_params, retry_count, retry_at, started_at,
            updated_at, resuming_task_id)
        """;

    public const string Update =
        """
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, flags = excluded.flags, subtask_config = excluded.subtask_config,
            export_params = excluded.export_params, reset_store_params = excluded.reset_store_params,
            store_params = excluded.store_params, error = excluded.error, state_params = excluded.state_params,
            retry_count = excluded.retry_count, retry_at = excluded.retry_at, started_at = excluded.started_at,
            updated_at = excluded.updated_at
        """;

    public static string Columns(string prefix) => string.Join(
        ", ",
        ((string[])
        [
            "id", "attempt_id", "parent_id", "upstreams", "full_name", "is_group", "state", "flags", "local_config", "export_config",
            "subtask_config", "export_params", "reset_store_params", "store_params", "error", "state_params", "retry_count", "retry_at",
            "started_at", "updated_at", "resuming_task_id",
        ]).Select(c => prefix + c));

    /// <summary>The columns of many tasks, one array each, in the order of <see cref="Columns"/>.</summary>
    public static Argument[] Arrays(IReadOnlyList<(AttemptId Attempt, TaskRecord Task)> tasks) =>
    [
        Map(tasks, static t => t.Task.Id.Value),
        Map(tasks, static t => t.Attempt.Value),
        Map(tasks, static t => t.Task.ParentId?.Value),
        Map(tasks, static t => Rows.Columns.Text(t.Task.Upstreams)),
        Map(tasks, static t => t.Task.FullName),
        Map(tasks, static t => t.Task.IsGroup),
        Map(tasks, static t => (int)t.Task.State),
        Map(tasks, static t => (int)t.Task.Flags),
        Map(tasks, static t => Rows.Columns.Text(t.Task.LocalConfig)),
        Map(tasks, static t => Rows.Columns.Text(t.Task.ExportConfig)),
        Map(tasks, static t => Rows.Columns.Text(t.Task.Result.SubtaskConfig)),
        Map(tasks, static t => Rows.Columns.Text(t.Task.Result.ExportParams)),
        Map(tasks, static t => Rows.Columns.Text(t.Task.Result.ResetStoreParams)),
        Map(tasks, static t => Rows.Columns.Text(t.Task.Result.StoreParams)),
        Map(tasks, static t => Rows.Columns.Text(t.Task.Error)),
        Map(tasks, static t => Rows.Columns.Text(t.Task.StateParams)),
        Map(tasks, static t => t.Task.RetryCount),
        Map(tasks, static t => Rows.Columns.Number(t.Task.RetryAt)),
        Map(tasks, static t => Rows.Columns.Number(t.Task.StartedAt)),
        Map(tasks, static t => Rows.Columns.Number(t.Task.UpdatedAt)),
        Map(tasks, static t => t.Task.ResumingTaskId?.Value),
    ];

    public static Task<List<TaskRecord>> OfAttemptAsync(PostgreSqlSession session, AttemptId attempt, CancellationToken cancellationToken) =>
        session.QueryAsync(
            TaskRow.Select + " WHERE id >= $1 AND id < $2 ORDER BY id",
            TaskRow.Read,
            cancellationToken,
            attempt.Value * IdsOfAttempt,
            (attempt.Value + 1) * IdsOfAttempt);

    public static async Task<List<TaskRecord>> FindAsync(PostgreSqlSession session, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? []
            : await session.QueryAsync(
                TaskRow.Select + " WHERE id = ANY ($1) ORDER BY id", TaskRow.Read, cancellationToken, ids.Select(i => i.Value).ToArray())
                .ConfigureAwait(false);

    private static T[] Map<T>(IReadOnlyList<(AttemptId Attempt, TaskRecord Task)> tasks, Func<(AttemptId Attempt, TaskRecord Task), T> value)
    {
        var values = new T[tasks.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(tasks[i]);
        }

        return values;
    }
}
