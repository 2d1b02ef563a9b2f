using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

namespace WfRunner.Storage.Sqlite;

/// <summary>Inserts new attempts. Digdag behaviour: engine 4, server 9.3.</summary>
internal static class AttemptStart
{
    /// <summary>The session of a request, which is created when it is new.</summary>
    public static SessionId OpenSession(SqliteSession session, NewAttempt request)
    {
        var project = request.Workflow.ProjectId.Value;
        var time = request.SessionTime.ToUnixTimeSeconds();
        return new SessionId(
            session.Number(
                "SELECT id FROM sessions WHERE project_id = $1 AND workflow_name = $2 AND session_time = $3",
                project,
                request.Workflow.Definition.Name,
                time)
            ?? session.Insert(
                "INSERT INTO sessions (project_id, workflow_name, session_time, uuid) VALUES ($1, $2, $3, $4)",
                project,
                request.Workflow.Definition.Name,
                time,
                Guid.NewGuid().ToString()));
    }

    /// <summary>The attempt that a request would collide with; null when its name is free.</summary>
    public static StoredAttempt? FindConflict(SqliteSession session, NewAttempt request, SessionId id)
    {
        var name = request.RetryAttemptName ?? string.Empty;
        var existing = session.First(
            AttemptRow.Select + " WHERE a.session_id = $1 AND a.name = $2", AttemptRow.Read, id.Value, name);
        return existing is null || name.Length > 0
            ? existing
            : session.First(AttemptRow.Select + " WHERE a.session_id = $1 ORDER BY a.id DESC LIMIT 1", AttemptRow.Read, id.Value);
    }

    public static void CheckLimit(SqliteSession session, NewAttempt request, int adding)
    {
        var running = session.Number("SELECT count(*) FROM attempts WHERE site_id = $1 AND done = 0", request.SiteId) ?? 0;
        if (running + adding > request.MaximumRunning)
        {
            throw new WorkflowException(
                FailureKind.AttemptLimitExceeded, $"Too many attempts running. Limit: {request.MaximumRunning}, Current: {running}");
        }
    }

    public static void CheckProjectLives(SqliteSession session, NewAttempt request)
    {
        var project = request.Workflow.ProjectId;
        if (session.Number("SELECT id FROM projects WHERE id = $1 AND deleted_at IS NULL", project.Value) is null)
        {
            throw new WorkflowException(
                FailureKind.ResourceNotFound, $"Project id={project} name={request.Workflow.ProjectName} is already deleted");
        }
    }

    public static StoredAttempt Insert(SqliteSession session, NewAttempt request, SessionId id, SessionId? waitsFor)
    {
        var attempt = session.Insert(
            """
            INSERT INTO attempts (session_id, site_id, project_id, workflow_id, name, idx, timezone, params, resumed_tasks,
                waits_for_session, created_at)
            VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(idx), 0) + 1 FROM attempts WHERE session_id = $1), $6, $7, $8, $9, $10)
            """,
            id.Value,
            request.SiteId,
            request.Workflow.ProjectId.Value,
            request.Workflow.Id.Value,
            request.RetryAttemptName ?? string.Empty,
            request.Workflow.Definition.TimeZone.Id,
            Columns.Text(request.Params),
            Columns.Text(request.ResumedTasks),
            waitsFor?.Value,
            Columns.Number(request.Now));
        session.Execute("UPDATE sessions SET last_attempt_id = $1 WHERE id = $2", attempt, id.Value);
        return AttemptTable.Find(session, new AttemptId(attempt))!;
    }
}
