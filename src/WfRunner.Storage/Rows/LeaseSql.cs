using System.Data.Common;
using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Overview;

namespace WfRunner.Storage.Rows;

/// <summary>
/// The statements about leases, queues and durations of tasks, which differ between the databases only in how they ask for a flag and
/// for the tasks of an attempt.
/// </summary>
internal static class LeaseSql
{
    private const string Subject = "a.id, s.id, p.id, coalesce(p.name, p.deleted_name), s.workflow_name, a.created_at";
    private const string Joins = "FROM attempts a JOIN sessions s ON s.id = a.session_id JOIN projects p ON p.id = a.project_id";

    /// <summary>Attempts with a lease: <c>$1</c> the state of running tasks, <c>$2</c> the most.</summary>
    /// <param name="unfinished">The condition of unfinished attempts of the table <c>a</c>.</param>
    /// <param name="tasksOf">The condition that rows of <c>t</c> are tasks of the attempt <c>a</c>.</param>
    public static string Held(string unfinished, string tasksOf) =>
        $"""
        SELECT {Subject}, a.lease_node, a.lease_token, a.lease_until, (SELECT count(*) FROM tasks t WHERE {tasksOf} AND t.state = $1)
        {Joins}
        WHERE {unfinished} AND a.lease_node IS NOT NULL ORDER BY a.id LIMIT $2
        """;

    /// <summary>Attempts without a lease: <c>$1</c> the tenant, <c>$2</c> the most.</summary>
    /// <param name="unfinished">The condition of unfinished attempts of the table <c>a</c>.</param>
    /// <param name="blocking">The same of the table <c>b</c>.</param>
    public static string Queued(string unfinished, string blocking) =>
        $"""
        SELECT {Subject}, a.waits_for_session, (SELECT min(b.id) FROM attempts b WHERE b.session_id = a.waits_for_session AND {blocking}),
            CASE WHEN a.queued THEN (SELECT q.name FROM pools q WHERE q.id = a.pool_id) END
        {Joins}
        WHERE a.site_id = $1 AND {unfinished} AND a.lease_node IS NULL ORDER BY a.id LIMIT $2
        """;

    /// <summary>Tasks of earlier runs: <c>$1</c> project, <c>$2</c> workflow, <c>$3</c> session time, <c>$4</c> the most runs, <c>$5</c> the state of success.</summary>
    /// <param name="succeeded">The condition of successful attempts of the table <c>a</c>.</param>
    /// <param name="tasksOf">The condition that rows of <c>t</c> are tasks of the attempt <c>a</c>.</param>
    public static string TaskDurations(string succeeded, string tasksOf) =>
        $"""
        SELECT t.full_name, t.updated_at - t.started_at
        FROM (
            SELECT a.id
            FROM (
                SELECT last_attempt_id, session_time FROM sessions
                WHERE project_id = $1 AND workflow_name = $2 AND session_time < $3 ORDER BY session_time DESC LIMIT 50) s
            JOIN attempts a ON a.id = s.last_attempt_id
            WHERE {succeeded} ORDER BY s.session_time DESC LIMIT $4) a
        JOIN tasks t ON {tasksOf}
        WHERE t.state = $5 AND t.started_at IS NOT NULL LIMIT 50000
        """;

    public static HeldAttempt ReadHeld(DbDataReader row) => new()
    {
        Id = new AttemptId(row.GetInt64(0)),
        SessionId = new SessionId(row.GetInt64(1)),
        ProjectId = new ProjectId(row.GetInt64(2)),
        ProjectName = row.GetString(3),
        WorkflowName = row.GetString(4),
        CreatedAt = row.Time(5),
        Node = row.GetString(6),
        Token = row.GetInt64(7),
        Until = row.Time(8),
        RunningTasks = row.GetInt64(9),
    };

    // The session it was told to wait for may have ended since: then it waits for a node like any other.
    public static QueuedAttempt ReadQueued(DbDataReader row) => new()
    {
        Id = new AttemptId(row.GetInt64(0)),
        SessionId = new SessionId(row.GetInt64(1)),
        ProjectId = new ProjectId(row.GetInt64(2)),
        ProjectName = row.GetString(3),
        WorkflowName = row.GetString(4),
        CreatedAt = row.Time(5),
        WaitsForSession = row.IsDBNull(7) ? null : new SessionId(row.GetInt64(6)),
        WaitsForAttempt = row.IsDBNull(7) ? null : new AttemptId(row.GetInt64(7)),
        WaitsForPool = row.IsDBNull(8) ? null : row.GetString(8),
    };

    public static TaskDuration ReadTaskDuration(DbDataReader row) =>
        new(row.GetString(0), Duration.FromMilliseconds(Math.Max(0, row.GetInt64(1))));
}
