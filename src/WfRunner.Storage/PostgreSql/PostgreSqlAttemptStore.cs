using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Sessions, attempts and tasks in PostgreSQL.</summary>
internal sealed class PostgreSqlAttemptStore(PostgreSqlDatabase database) : IAttemptStore, IAsyncDisposable
{
    private static readonly string InsertTasks =
        $"""
        {TaskTable.Insert}
        SELECT {TaskTable.Columns("t.")}
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
            AS t ({TaskTable.Columns(string.Empty)})
        """;

    private static readonly string TookOfAttempts = AttemptFilter.Took("$10", "$11", "$12");
    private static readonly string TookOfSessions = AttemptFilter.Took("$8", "$9", "$10");

    private readonly Leases _leases = new(database.Settings.UsesDatabaseClock);
    private readonly SaveQueue _saves = new(database);

    public Task<StartOutcome> StartAsync(
        NewAttempt request, TaskPlan plan, NodeClaim? claim, StartCause? cause, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        return database.WriteAsync((s, c) => StartAsync(s, request, plan, claim, cause, c), cancellationToken);
    }

    public Task<IReadOnlyList<StoredAttempt>> AnnounceAsync(IReadOnlyList<NewAttempt> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return database.WriteAsync((s, c) => AttemptStart.AnnounceAsync(s, requests, c), cancellationToken);
    }

    public Task<IReadOnlyList<LeasedAttempt>> AcquireAsync(NodeClaim claim, int count, int maximumRunning, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return database.WriteAsync((s, c) => AcquireAsync(s, claim, count, maximumRunning, c), cancellationToken);
    }

    public Task<Duration?> NextExpiryAsync(NodeClaim claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return database.ReadAsync((s, c) => _leases.NextExpiryAsync(s, claim, c), cancellationToken);
    }

    public Task<LeaseRenewal> RenewAsync(NodeClaim claim, IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(leases);
        return database.ReadAsync((s, c) => _leases.RenewAsync(s, claim, leases, c), cancellationToken);
    }

    public Task ReleaseAsync(IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(leases);
        return database.WriteAsync((s, c) => Leases.ReleaseAsync(s, leases, c), cancellationToken);
    }

    public Task<bool> SaveAsync(
        AttemptLease lease, IReadOnlyList<TaskRecord> tasks, AttemptEnd? end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(tasks);
        return _saves.SaveAsync(lease, tasks, end, cancellationToken);
    }

    public Func<TaskId> OpenTaskIds(AttemptId attempt, TaskId? last)
    {
        var first = attempt.Value * TaskTable.IdsOfAttempt;
        var id = last?.Value ?? first;
        return () => ++id < first + TaskTable.IdsOfAttempt
            ? new TaskId(id)
            : throw new WorkflowException(
                FailureKind.TaskLimitExceeded, $"Too many tasks. An attempt can have {TaskTable.IdsOfAttempt - 1} at most, repeated ones included");
    }

    public Task<CancelOutcome> RequestCancelAsync(int siteId, AttemptId id, Instant now, CancellationToken cancellationToken) =>
        database.WriteAsync((s, c) => RequestCancelAsync(s, siteId, id, now, c), cancellationToken);

    public Task<StoredAttempt?> FindAsync(int siteId, AttemptId id, CancellationToken cancellationToken) =>
        database.ReadAsync((s, c) => AttemptTable.FindAsync(s, siteId, id, c), cancellationToken);

    public Task<IReadOnlyList<StoredAttempt>> ListAsync(int siteId, AttemptQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        const string Filter =
            """
             WHERE a.site_id = $1 AND a.id < $2 AND ($3 OR a.id = s.last_attempt_id) AND ($4 IS NULL OR a.project_id = $4)
                AND ($5 IS NULL OR s.workflow_name = $5) AND ($6 IS NULL OR a.session_id = $6)
                AND ($8 IS NULL OR s.session_time >= $8) AND ($9 IS NULL OR s.session_time < $9)
            """;
        const string Page = " ORDER BY a.id DESC LIMIT $7";
        return database.ReadAsync<IReadOnlyList<StoredAttempt>>(
            async (s, c) => await s.QueryAsync(
                AttemptRow.Select + Filter + TookOfAttempts + StatusesOf(query.Statuses) + Page,
                AttemptRow.Read,
                c,
                siteId,
                query.LastId?.Value ?? long.MaxValue,
                query.IncludesRetried,
                query.Project?.Value,
                query.Workflow,
                query.Session?.Value,
                query.Count,
                AttemptFilter.Seconds(query.From),
                AttemptFilter.Seconds(query.To),
                AttemptFilter.Milliseconds(query.Took?.AtLeast),
                AttemptFilter.Milliseconds(query.Took?.AtMost),
                query.Took is { } took ? Columns.Number(took.Now) : (long?)null).ConfigureAwait(false),
            cancellationToken);
    }

    public Task<IReadOnlyList<TaskRecord>> ListTasksAsync(AttemptId id, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<TaskRecord>>(
            async (s, c) => await TaskTable.OfAttemptAsync(s, id, c).ConfigureAwait(false), cancellationToken);

    public Task<StoredSession?> FindSessionAsync(int siteId, SessionId id, CancellationToken cancellationToken) => database.ReadAsync(
        (s, c) => s.FirstAsync(
            AttemptRow.Select + " WHERE s.id = $1 AND a.site_id = $2 AND a.id = s.last_attempt_id", AttemptRow.ReadSession, c, id.Value, siteId),
        cancellationToken);

    public Task<IReadOnlyList<StoredSession>> ListSessionsAsync(int siteId, SessionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        const string Filter =
            """
             WHERE a.site_id = $1 AND s.id < $2 AND a.id = s.last_attempt_id AND ($3 IS NULL OR a.project_id = $3)
                AND ($4 IS NULL OR s.workflow_name = $4)
                AND ($6 IS NULL OR s.session_time >= $6) AND ($7 IS NULL OR s.session_time < $7)
            """;
        const string Page = " ORDER BY s.id DESC LIMIT $5";
        return database.ReadAsync<IReadOnlyList<StoredSession>>(
            async (s, c) => await s.QueryAsync(
                AttemptRow.Select + Filter + TookOfSessions + StatusesOf(query.Statuses) + Page,
                AttemptRow.ReadSession,
                c,
                siteId,
                query.LastId?.Value ?? long.MaxValue,
                query.Project?.Value,
                query.Workflow,
                query.Count,
                AttemptFilter.Seconds(query.From),
                AttemptFilter.Seconds(query.To),
                AttemptFilter.Milliseconds(query.Took?.AtLeast),
                AttemptFilter.Milliseconds(query.Took?.AtMost),
                query.Took is { } took ? Columns.Number(took.Now) : (long?)null).ConfigureAwait(false),
            cancellationToken);
    }

    public async Task<Instant?> LastSessionTimeAsync(ProjectId project, string workflow, Instant before, CancellationToken cancellationToken)
    {
        var seconds = await database.ReadAsync(
            (s, c) => s.NumberAsync(
                "SELECT max(session_time) FROM sessions WHERE project_id = $1 AND workflow_name = $2 AND session_time < $3",
                c,
                project.Value,
                workflow,
                before.ToUnixTimeSeconds()),
            cancellationToken).ConfigureAwait(false);
        return seconds is { } time ? Instant.FromUnixTimeSeconds(time) : null;
    }

    public Task<bool> HasUnfinishedAsync(ProjectId project, string workflow, CancellationToken cancellationToken) => database.ReadAsync(
        async (s, c) => await s.NumberAsync(
            """
            SELECT 1 FROM attempts a JOIN sessions s ON s.id = a.session_id
            WHERE a.project_id = $1 AND s.workflow_name = $2 AND NOT a.done LIMIT 1
            """,
            c,
            project.Value,
            workflow).ConfigureAwait(false) is not null,
        cancellationToken);

    public ValueTask DisposeAsync() => _saves.DisposeAsync();

    private static string StatusesOf(AttemptStatuses statuses) =>
        AttemptFilter.Statuses(statuses, column => column, column => "NOT " + column);

    private async Task<StartOutcome> StartAsync(
        PostgreSqlSession session,
        NewAttempt request,
        TaskPlan plan,
        NodeClaim? claim,
        StartCause? cause,
        CancellationToken cancellationToken)
    {
        var outcome = await AttemptStart.RunAsync(session, request, cause, cancellationToken).ConfigureAwait(false);
        if (outcome is not StartOutcome.Started { Attempt: { IsQueued: false } attempt })
        {
            return outcome;
        }

        var tasks = plan(attempt, OpenTaskIds(attempt.Id, null)).Select(t => (attempt.Id, t)).ToList();
        await session.ExecuteAsync(InsertTasks, cancellationToken, TaskTable.Arrays(tasks)).ConfigureAwait(false);
        if (claim is not null)
        {
            return new StartOutcome.Started(attempt, await _leases.TakeAsync(session, attempt.Id, claim, cancellationToken).ConfigureAwait(false));
        }

        await session.SignalAttemptsFreeAsync(cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    // Read in the transaction that takes them: a node that cannot read what it took must not have taken it.
    private async Task<IReadOnlyList<LeasedAttempt>> AcquireAsync(
        PostgreSqlSession session, NodeClaim claim, int count, int maximumRunning, CancellationToken cancellationToken)
    {
        await PoolQueue.AdvanceAsync(session, maximumRunning, cancellationToken).ConfigureAwait(false);
        var acquired = new List<LeasedAttempt>();
        foreach (var lease in await _leases.AcquireAsync(session, claim, count, cancellationToken).ConfigureAwait(false))
        {
            var attempt = (await AttemptTable.FindAsync(session, lease.AttemptId, cancellationToken).ConfigureAwait(false))!;
            acquired.Add(new LeasedAttempt(
                attempt,
                lease,
                await TaskTable.OfAttemptAsync(session, lease.AttemptId, cancellationToken).ConfigureAwait(false),
                await TaskTable.FindAsync(session, attempt.ResumedTasks, cancellationToken).ConfigureAwait(false)));
        }

        return acquired;
    }

    // An announced attempt that no node has begun has no task that could end, so it ends here (better than Digdag: engine 13).
    private static async Task<CancelOutcome> RequestCancelAsync(
        PostgreSqlSession session, int siteId, AttemptId id, Instant now, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(
            "SELECT done, lease_node IS NULL, cancel_requested FROM attempts WHERE id = $1 AND site_id = $2 FOR UPDATE",
            static r => (IsDone: r.GetBoolean(0), IsFree: r.GetBoolean(1), IsAsked: r.GetBoolean(2)),
            cancellationToken,
            id.Value,
            siteId).ConfigureAwait(false);
        if (found.Count == 0)
        {
            return CancelOutcome.NotFound;
        }

        if (found[0].IsDone)
        {
            return CancelOutcome.AlreadyDone;
        }

        var ends = found[0].IsFree
            && await session.NumberAsync(
                "SELECT 1 FROM tasks WHERE id >= $1 AND id < $2 LIMIT 1",
                cancellationToken,
                id.Value * TaskTable.IdsOfAttempt,
                (id.Value + 1) * TaskTable.IdsOfAttempt).ConfigureAwait(false) is null;
        await session.ExecuteAsync(
            """
            UPDATE attempts SET cancel_requested = true, done = $2, finished_at = CASE WHEN $2 THEN $3 END, queued = queued AND NOT $2,
                lease_token = lease_token + CASE WHEN $2 THEN 1 ELSE 0 END
            WHERE id = $1
            """,
            cancellationToken,
            id.Value,
            ends,
            Columns.Number(now)).ConfigureAwait(false);

        // Attempts that waited for its session may start now.
        await SignalText.SendAsync(session, ends ? SignalText.AttemptsFree : SignalText.Cancel(id), cancellationToken).ConfigureAwait(false);
        return ends ? CancelOutcome.EndedAtOnce : found[0].IsAsked ? CancelOutcome.AlreadyRequested : CancelOutcome.Requested;
    }
}
