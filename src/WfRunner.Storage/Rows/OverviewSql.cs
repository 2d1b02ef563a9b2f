using System.Data.Common;
using WfRunner.Storage.Overview;

namespace WfRunner.Storage.Rows;

/// <summary>The statements of the overview that both databases understand, and how their rows are read.</summary>
internal static class OverviewSql
{
    public const string CountDue =
        """
        SELECT count(*) FROM schedules c JOIN projects p ON p.id = c.project_id
        WHERE p.site_id = $1 AND c.disabled_at IS NULL AND c.next_run_time < $2
        """;

    public const string NextSchedules = " WHERE p.site_id = $1 AND c.disabled_at IS NULL ORDER BY c.next_run_time, c.id LIMIT $2";

    public static AttemptCounts ReadCounts(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));

    public static NodeLoad ReadNode(DbDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.Time(3));
}
