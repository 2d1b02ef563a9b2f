using System.Data.Common;
using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;

namespace WfRunner.Storage.Rows;

/// <summary>A row of attempts, joined with what an attempt is shown with.</summary>
internal static class AttemptRow
{
    public const string Select =
        """
        SELECT a.id, a.site_id, s.id, s.uuid, s.session_time, p.id, coalesce(p.name, p.deleted_name), s.workflow_name, w.id, r.name,
            a.timezone, a.idx, a.name, a.params, a.cancel_requested, a.done, a.success, a.created_at, a.finished_at, a.resumed_tasks,
            a.pool_id, a.queued, a.run_time
        FROM attempts a
            JOIN sessions s ON s.id = a.session_id
            JOIN projects p ON p.id = a.project_id
            JOIN workflows w ON w.id = a.workflow_id
            JOIN revisions r ON r.id = w.revision_id
        """;

    public static StoredAttempt Read(DbDataReader row) => new()
    {
        Id = new AttemptId(row.GetInt64(0)),
        SiteId = row.GetInt32(1),
        SessionId = new SessionId(row.GetInt64(2)),
        SessionUuid = Guid.Parse(row.GetString(3)),
        SessionTime = Instant.FromUnixTimeSeconds(row.GetInt64(4)),
        ProjectId = new ProjectId(row.GetInt64(5)),
        ProjectName = row.GetString(6),
        WorkflowName = row.GetString(7),
        WorkflowId = new WorkflowId(row.GetInt64(8)),
        RevisionName = row.GetString(9),
        TimeZone = row.Zone(10),
        Index = row.GetInt32(11),
        RetryAttemptName = row.GetString(12) is { Length: > 0 } name ? name : null,
        Params = row.Map(13),
        IsCancelRequested = row.GetBoolean(14),
        IsDone = row.GetBoolean(15),
        IsSuccess = row.GetBoolean(16),
        CreatedAt = row.Time(17),
        FinishedAt = row.TimeOrNull(18),
        ResumedTasks = row.TaskIds(19),
        Pool = row.NumberOrNull(20) is { } pool ? new PoolId(pool) : null,
        IsQueued = row.GetBoolean(21) && !row.GetBoolean(15),
        RunTime = row.TimeOrNull(22),
    };

    public static StoredSession ReadSession(DbDataReader row)
    {
        var attempt = Read(row);
        return new StoredSession(attempt.SessionId, attempt);
    }
}
