using System.Data.Common;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Schedules;

namespace WfRunner.Storage.Rows;

/// <summary>A row of schedules, joined with what a schedule is shown with.</summary>
internal static class ScheduleRow
{
    public const string Select =
        """
        SELECT c.id, p.site_id, p.id, p.name, w.id, w.name, w.timezone, c.next_time, c.next_run_time, c.last_session_time,
            c.created_at, c.updated_at, c.disabled_at
        FROM schedules c JOIN workflows w ON w.id = c.workflow_id JOIN projects p ON p.id = c.project_id
        """;

    public static StoredSchedule Read(DbDataReader row) => new()
    {
        Id = new ScheduleId(row.GetInt64(0)),
        SiteId = row.GetInt32(1),
        ProjectId = new ProjectId(row.GetInt64(2)),
        ProjectName = row.GetString(3),
        WorkflowId = new WorkflowId(row.GetInt64(4)),
        WorkflowName = row.GetString(5),
        TimeZone = row.Zone(6),
        Next = new ScheduleTime(row.Time(7), row.Time(8)),
        LastSessionTime = row.TimeOrNull(9),
        CreatedAt = row.Time(10),
        UpdatedAt = row.Time(11),
        DisabledAt = row.TimeOrNull(12),
    };
}
