using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

namespace WfRunner.Storage.Sql;

/// <summary>Inserts new attempts. Digdag behaviour: engine 4, server 9.3.</summary>
internal static class AttemptStart
{
    /// <summary>Inserts an attempt, without its tasks.</summary>
    /// <returns>How far it came; an attempt that is started, and not queued, has no lease yet.</returns>
    /// <exception cref="WorkflowException">It is refused.</exception>
    public static async Task<StartOutcome> RunAsync(ISqlSession session, NewAttempt request, StartCause? cause, CancellationToken cancellationToken)
    {
        if (cause is not null && !await UseUpAsync(session, cause, cancellationToken).ConfigureAwait(false))
        {
            return new StartOutcome.Superseded();
        }

        await CheckProjectLivesAsync(session, request, cancellationToken).ConfigureAwait(false);
        var place = await PoolPlace.FindAsync(session, request, cancellationToken).ConfigureAwait(false);
        var id = await OpenSessionAsync(session, request, cancellationToken).ConfigureAwait(false);
        var existing = await FindConflictAsync(session, request, id, cancellationToken).ConfigureAwait(false);
        if (existing is not null && request is { RetryAttemptName: null, NameWhenRepeated: { } name })
        {
            request = request with { RetryAttemptName = name };
            existing = await FindConflictAsync(session, request, id, cancellationToken).ConfigureAwait(false);
        }

        return existing is not null
            ? new StartOutcome.Conflict(existing)
            : new StartOutcome.Started(await InsertAsync(session, request, id, null, place, cancellationToken).ConfigureAwait(false), null);
    }

    /// <summary>Inserts attempts that run one after another.</summary>
    /// <exception cref="WorkflowException">One of them is refused.</exception>
    public static async Task<IReadOnlyList<StoredAttempt>> AnnounceAsync(
        ISqlSession session, IReadOnlyList<NewAttempt> requests, CancellationToken cancellationToken)
    {
        var announced = new List<StoredAttempt>();
        SessionId? before = null;
        foreach (var request in requests)
        {
            await CheckProjectLivesAsync(session, request, cancellationToken).ConfigureAwait(false);
            var place = await PoolPlace.FindAsync(session, request, cancellationToken).ConfigureAwait(false);
            var id = await OpenSessionAsync(session, request, cancellationToken).ConfigureAwait(false);
            if (await FindConflictAsync(session, request, id, cancellationToken).ConfigureAwait(false) is { } existing)
            {
                throw new AttemptExistsException(existing);
            }

            announced.Add(await InsertAsync(session, request, id, before, place, cancellationToken).ConfigureAwait(false));
            before = id;
        }

        await session.SignalAttemptsFreeAsync(cancellationToken).ConfigureAwait(false);
        return announced;
    }

    private static Task<bool> UseUpAsync(ISqlSession session, StartCause cause, CancellationToken cancellationToken) => cause switch
    {
        StartCause.Schedule schedule => ScheduleTable.MoveAsync(session, schedule.Move, cancellationToken),
        StartCause.Trigger trigger => TriggerTable.ForgetAsync(session, trigger.Firing, cancellationToken),
        _ => throw new InvalidOperationException($"unknown cause {cause}"),
    };

    // The project stays as it is until this transaction ends.
    private static async Task CheckProjectLivesAsync(ISqlSession session, NewAttempt request, CancellationToken cancellationToken)
    {
        var project = request.Workflow.ProjectId;
        if (await session.NumberAsync(
            "SELECT id FROM projects WHERE id = $1 AND deleted_at IS NULL" + session.ForKeyShare, cancellationToken, project.Value)
            .ConfigureAwait(false) is null)
        {
            throw new WorkflowException(
                FailureKind.ResourceNotFound, $"Project id={project} name={request.Workflow.ProjectName} is already deleted");
        }
    }

    // The session of a request, which is created when it is new. Nobody else starts an attempt of it until this transaction ends.
    private static async Task<SessionId> OpenSessionAsync(ISqlSession session, NewAttempt request, CancellationToken cancellationToken)
    {
        var (project, name) = (request.Workflow.ProjectId.Value, request.Workflow.Definition.Name);
        var time = request.SessionTime.ToUnixTimeSeconds();
        while (true)
        {
            var id = await session.NumberAsync(
                "SELECT id FROM sessions WHERE project_id = $1 AND workflow_name = $2 AND session_time = $3" + session.ForUpdate,
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

    // The attempt that a request would collide with; null when its name is free.
    private static async Task<StoredAttempt?> FindConflictAsync(
        ISqlSession session, NewAttempt request, SessionId id, CancellationToken cancellationToken)
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

    private static async Task<StoredAttempt> InsertAsync(
        ISqlSession session, NewAttempt request, SessionId id, SessionId? waitsFor, PoolPlace place, CancellationToken cancellationToken)
    {
        var attempt = (await session.NumberAsync(
            """
            INSERT INTO attempts (session_id, site_id, project_id, workflow_id, name, idx, timezone, params, resumed_tasks,
                waits_for_session, created_at, pool_id, queued, run_time)
            VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(idx), 0) + 1 FROM attempts WHERE session_id = $1), $6, $7, $8, $9, $10, $11, $12, $13)
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
            Columns.Number(request.Now),
            place.Pool?.Value,
            place.IsQueued,
            Columns.Number(request.RunTime)).ConfigureAwait(false))!.Value;
        await session.ExecuteAsync("UPDATE sessions SET last_attempt_id = $1 WHERE id = $2", cancellationToken, attempt, id.Value).ConfigureAwait(false);
        return (await AttemptTable.FindAsync(session, new AttemptId(attempt), cancellationToken).ConfigureAwait(false))!;
    }
}
