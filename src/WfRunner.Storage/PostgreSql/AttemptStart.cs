using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Inserts new attempts. Digdag behaviour: engine 4, server 9.3.</summary>
internal static class AttemptStart
{
    // Far from the limit, starts need not wait for each other: that many more could not be on their way at once.
    private const int Margin = 1000;

    /// <summary>
    /// Refuses an attempt that would be one too many for its tenant, over all nodes. Digdag counts without a lock, so that starts at the
    /// same time may pass the limit; near it these take turns.
    /// </summary>
    public static async Task CheckLimitAsync(PostgreSqlSession session, NewAttempt request, CancellationToken cancellationToken)
    {
        var running = await CountAsync(session, request, cancellationToken).ConfigureAwait(false);
        if (running + Margin > request.MaximumRunning)
        {
            await session.QueryAsync(
                "SELECT pg_advisory_xact_lock(2123301, hashtext(current_schema() || $1))", static _ => 0, cancellationToken, "/" + request.SiteId)
                .ConfigureAwait(false);
            running = await CountAsync(session, request, cancellationToken).ConfigureAwait(false);
        }

        if (running + 1 > request.MaximumRunning)
        {
            throw new WorkflowException(
                FailureKind.AttemptLimitExceeded, $"Too many attempts running. Limit: {request.MaximumRunning}, Current: {running}");
        }
    }

    /// <summary>The project stays as it is until this transaction ends.</summary>
    public static async Task CheckProjectLivesAsync(PostgreSqlSession session, NewAttempt request, CancellationToken cancellationToken)
    {
        var project = request.Workflow.ProjectId;
        if (await session.NumberAsync(
            "SELECT id FROM projects WHERE id = $1 AND deleted_at IS NULL FOR KEY SHARE", cancellationToken, project.Value).ConfigureAwait(false) is null)
        {
            throw new WorkflowException(
                FailureKind.ResourceNotFound, $"Project id={project} name={request.Workflow.ProjectName} is already deleted");
        }
    }

    /// <summary>The session of a request, which is created when it is new. Nobody else starts an attempt of it until this transaction ends.</summary>
    public static async Task<SessionId> OpenSessionAsync(PostgreSqlSession session, NewAttempt request, CancellationToken cancellationToken)
    {
        var (project, name) = (request.Workflow.ProjectId.Value, request.Workflow.Definition.Name);
        var time = request.SessionTime.ToUnixTimeSeconds();
        while (true)
        {
            var id = await session.NumberAsync(
                "SELECT id FROM sessions WHERE project_id = $1 AND workflow_name = $2 AND session_time = $3 FOR UPDATE",
                cancellationToken,
                project,
                name,
                time).ConfigureAwait(false)
                ?? await session.NumberAsync(
                    """
                    INSERT INTO sessions (project_id, workflow_name, session_time, uuid) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (project_id, workflow_name, session_time) DO NOTHING RETURNING id
                    """,
                    cancellationToken,
                    project,
                    name,
                    time,
                    Guid.NewGuid().ToString()).ConfigureAwait(false);
            if (id is { } found)
            {
                return new SessionId(found);
            }
        }
    }

    /// <summary>The attempt that a request would collide with; null when its name is free.</summary>
    public static async Task<StoredAttempt?> FindConflictAsync(
        PostgreSqlSession session, NewAttempt request, SessionId id, CancellationToken cancellationToken)
    {
        var name = request.RetryAttemptName ?? string.Empty;
        var existing = await session.FirstAsync(
            AttemptRow.Select + " WHERE a.session_id = $1 AND a.name = $2", AttemptRow.Read, cancellationToken, id.Value, name).ConfigureAwait(false);
        return existing is null || name.Length > 0
            ? existing
            : await session.FirstAsync(
                AttemptRow.Select + " WHERE a.session_id = $1 ORDER BY a.id DESC LIMIT 1", AttemptRow.Read, cancellationToken, id.Value)
                .ConfigureAwait(false);
    }

    public static async Task<StoredAttempt> InsertAsync(
        PostgreSqlSession session, NewAttempt request, SessionId id, SessionId? waitsFor, CancellationToken cancellationToken)
    {
        var attempt = (await session.NumberAsync(
            """
            INSERT INTO attempts (session_id, site_id, project_id, workflow_id, name, idx, timezone, params, resumed_tasks,
                waits_for_session, created_at)
            VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(idx), 0) + 1 FROM attempts WHERE session_id = $1), $6, $7, $8, $9, $10)
            RETURNING id
            """,
            cancellationToken,
            id.Value,
            request.SiteId,
            request.Workflow.ProjectId.Value,
            request.Workflow.Id.Value,
            request.RetryAttemptName ?? string.Empty,
            request.Workflow.Definition.TimeZone.Id,
            Columns.Text(request.Params),
            Columns.Text(request.ResumedTasks),
            waitsFor?.Value,
            Columns.Number(request.Now)).ConfigureAwait(false))!.Value;
        await session.ExecuteAsync("UPDATE sessions SET last_attempt_id = $1 WHERE id = $2", cancellationToken, attempt, id.Value).ConfigureAwait(false);
        return (await AttemptTable.FindAsync(session, new AttemptId(attempt), cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task<long> CountAsync(PostgreSqlSession session, NewAttempt request, CancellationToken cancellationToken) =>
        await session.NumberAsync("SELECT count(*) FROM attempts WHERE site_id = $1 AND NOT done", cancellationToken, request.SiteId)
            .ConfigureAwait(false) ?? 0;
}
