using NodaTime;
using WfRunner.Core.Engine;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.Sqlite;

/// <summary>Sessions, attempts and tasks in SQLite.</summary>
internal sealed class SqliteAttemptStore : IAttemptStore
{
    private static readonly string TookOfAttempts = AttemptFilter.Took("$10", "$11", "$12");
    private static readonly string TookOfSessions = AttemptFilter.Took("$8", "$9", "$10");

    private readonly SqliteDatabase _database;
    private long _lastTaskId;

    /// <summary>Opens the tables.</summary>
    /// <param name="database">The database; this process is the only one that has it.</param>
    /// <param name="lastTaskId">The greatest task id that is stored.</param>
    public SqliteAttemptStore(SqliteDatabase database, long lastTaskId)
    {
        _database = database;
        _lastTaskId = lastTaskId;
    }

    public Task<StartOutcome> StartAsync(
        NewAttempt request, TaskPlan plan, NodeClaim? claim, StartCause? cause, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(plan);
        return _database.WriteAsync(session => Start(session, request, plan, claim, cause, cancellationToken), cancellationToken);
    }

    public Task<IReadOnlyList<StoredAttempt>> AnnounceAsync(IReadOnlyList<NewAttempt> requests, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return _database.WriteAsync(
            session => SqliteDatabase.Finished(AttemptStart.AnnounceAsync(session, requests, cancellationToken)), cancellationToken);
    }

    public Task<IReadOnlyList<LeasedAttempt>> AcquireAsync(NodeClaim claim, int count, int maximumRunning, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        const string Free =
            """
            SELECT id FROM attempts a
            WHERE done = 0 AND queued = 0 AND (lease_node IS NULL OR lease_until <= $1)
                AND NOT EXISTS (SELECT 1 FROM attempts b WHERE b.session_id = a.waits_for_session AND b.done = 0)
            ORDER BY id LIMIT $2
            """;
        return _database.WriteAsync<IReadOnlyList<LeasedAttempt>>(
            session =>
            {
                SqliteDatabase.Finish(PoolQueue.AdvanceAsync(session, maximumRunning, cancellationToken));
                return session.Query(Free, r => new AttemptId(r.GetInt64(0)), Columns.Number(claim.Now), count)
                    .ConvertAll(id => Load(session, id, Leases.Take(session, id, claim)));
            },
            cancellationToken);
    }

    public async Task<Duration?> NextExpiryAsync(NodeClaim claim, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var until = await _database.ReadAsync(
            s => s.Number("SELECT min(lease_until) FROM attempts WHERE done = 0 AND lease_node <> $1", claim.Node), cancellationToken)
            .ConfigureAwait(false);
        return until is { } time ? Instant.FromUnixTimeMilliseconds(time) - claim.Now : null;
    }

    public Task<LeaseRenewal> RenewAsync(NodeClaim claim, IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(leases);
        return _database.WriteAsync(session => Leases.Renew(session, claim, leases), cancellationToken);
    }

    public Task ReleaseAsync(IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(leases);
        return _database.WriteAsync(session => leases.Sum(l => Leases.Release(session, l)), cancellationToken);
    }

    public Task<bool> SaveAsync(
        AttemptLease lease, IReadOnlyList<TaskRecord> tasks, AttemptEnd? end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(tasks);
        return _database.WriteAsync(session => Save(session, lease, tasks, end), cancellationToken);
    }

    // The database belongs to this process alone, so one counter serves all; nobody ever saw an id that was not stored.
    public Func<TaskId> OpenTaskIds(AttemptId attempt, TaskId? last) => () => new TaskId(Interlocked.Increment(ref _lastTaskId));

    public Task<CancelOutcome> RequestCancelAsync(int siteId, AttemptId id, Instant now, CancellationToken cancellationToken) =>
        _database.WriteAsync(session => RequestCancel(session, siteId, id, now), cancellationToken);

    public Task<StoredAttempt?> FindAsync(int siteId, AttemptId id, CancellationToken cancellationToken) =>
        _database.ReadAsync(s => Find(s, siteId, id), cancellationToken);

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
        return _database.ReadAsync<IReadOnlyList<StoredAttempt>>(
            s => s.Query(
                AttemptRow.Select + Filter + TookOfAttempts + StatusesOf(query.Statuses) + Page,
                AttemptRow.Read,
                siteId,
                query.LastId?.Value ?? long.MaxValue,
                query.IncludesRetried ? 1 : 0,
                query.Project?.Value,
                query.Workflow,
                query.Session?.Value,
                query.Count,
                AttemptFilter.Seconds(query.From),
                AttemptFilter.Seconds(query.To),
                AttemptFilter.Milliseconds(query.Took?.AtLeast),
                AttemptFilter.Milliseconds(query.Took?.AtMost),
                query.Took is { } took ? Columns.Number(took.Now) : (long?)null),
            cancellationToken);
    }

    public Task<IReadOnlyList<TaskRecord>> ListTasksAsync(AttemptId id, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<TaskRecord>>(s => TaskTable.OfAttempt(s, id), cancellationToken);

    public Task<StoredSession?> FindSessionAsync(int siteId, SessionId id, CancellationToken cancellationToken) => _database.ReadAsync(
        s => s.First(
            AttemptRow.Select + " WHERE s.id = $1 AND a.site_id = $2 AND a.id = s.last_attempt_id", AttemptRow.ReadSession, id.Value, siteId),
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
        return _database.ReadAsync<IReadOnlyList<StoredSession>>(
            s => s.Query(
                AttemptRow.Select + Filter + TookOfSessions + StatusesOf(query.Statuses) + Page,
                AttemptRow.ReadSession,
                siteId,
                query.LastId?.Value ?? long.MaxValue,
                query.Project?.Value,
                query.Workflow,
                query.Count,
                AttemptFilter.Seconds(query.From),
                AttemptFilter.Seconds(query.To),
                AttemptFilter.Milliseconds(query.Took?.AtLeast),
                AttemptFilter.Milliseconds(query.Took?.AtMost),
                query.Took is { } took ? Columns.Number(took.Now) : (long?)null),
            cancellationToken);
    }

    public async Task<Instant?> LastSessionTimeAsync(ProjectId project, string workflow, Instant before, CancellationToken cancellationToken)
    {
        var seconds = await _database.ReadAsync(
            s => s.Number(
                "SELECT max(session_time) FROM sessions WHERE project_id = $1 AND workflow_name = $2 AND session_time < $3",
                project.Value,
                workflow,
                before.ToUnixTimeSeconds()),
            cancellationToken).ConfigureAwait(false);
        return seconds is { } time ? Instant.FromUnixTimeSeconds(time) : null;
    }

    public Task<bool> HasUnfinishedAsync(ProjectId project, string workflow, CancellationToken cancellationToken) => _database.ReadAsync(
        s => s.Number(
            """
            SELECT 1 FROM attempts a JOIN sessions s ON s.id = a.session_id
            WHERE a.project_id = $1 AND s.workflow_name = $2 AND a.done = 0 LIMIT 1
            """,
            project.Value,
            workflow) is not null,
        cancellationToken);

    private static StoredAttempt? Find(SqliteSession session, int siteId, AttemptId id) =>
        session.First(AttemptRow.Select + " WHERE a.id = $1 AND a.site_id = $2", AttemptRow.Read, id.Value, siteId);

    private static string StatusesOf(AttemptStatuses statuses) =>
        AttemptFilter.Statuses(statuses, column => column + " = 1", column => column + " = 0");

    private StartOutcome Start(
        SqliteSession session, NewAttempt request, TaskPlan plan, NodeClaim? claim, StartCause? cause, CancellationToken cancellationToken)
    {
        var outcome = SqliteDatabase.Finished(AttemptStart.RunAsync(session, request, cause, cancellationToken));
        if (outcome is not StartOutcome.Started { Attempt: { IsQueued: false } attempt })
        {
            return outcome;
        }

        foreach (var task in plan(attempt, OpenTaskIds(attempt.Id, null)))
        {
            TaskTable.Save(session, attempt.Id, task);
        }

        return new StartOutcome.Started(attempt, claim is null ? null : Leases.Take(session, attempt.Id, claim));
    }

    private static LeasedAttempt Load(SqliteSession session, AttemptId id, AttemptLease lease)
    {
        var attempt = session.First(AttemptRow.Select + " WHERE a.id = $1", AttemptRow.Read, id.Value)!;
        var resumed = attempt.ResumedTasks.Select(t => TaskTable.Find(session, t)).OfType<TaskRecord>();
        return new LeasedAttempt(attempt, lease, TaskTable.OfAttempt(session, id), [.. resumed]);
    }

    private static bool Save(SqliteSession session, AttemptLease lease, IReadOnlyList<TaskRecord> tasks, AttemptEnd? end)
    {
        Leases.Check(session, lease, isEnd: end is not null);
        foreach (var task in tasks)
        {
            TaskTable.Save(session, lease.AttemptId, task);
        }

        if (end is not null)
        {
            End(session, lease.AttemptId, end);
        }

        return session.Number("SELECT cancel_requested FROM attempts WHERE id = $1", lease.AttemptId.Value) == 1;
    }

    // An end that is saved again fires no trigger again.
    private static void End(SqliteSession session, AttemptId id, AttemptEnd end)
    {
        var ended = session.Execute(
            "UPDATE attempts SET done = 1, success = $2, finished_at = $3, lease_node = NULL, lease_until = NULL WHERE id = $1 AND done = 0",
            id.Value,
            end.IsSuccess ? 1 : 0,
            Columns.Number(end.At));
        if (ended > 0 && end.IsSuccess)
        {
            session.Execute(TriggerTable.Fire + " JOIN attempts e ON e.id = a.id WHERE a.id = $1", id.Value);
        }
    }

    // An announced attempt that no node has begun has no task that could end, so it ends here (better than Digdag: engine 13).
    private static CancelOutcome RequestCancel(SqliteSession session, int siteId, AttemptId id, Instant now)
    {
        if (Find(session, siteId, id) is not { } attempt)
        {
            return CancelOutcome.NotFound;
        }

        if (attempt.IsDone)
        {
            return CancelOutcome.AlreadyDone;
        }

        var ended = session.Execute(
            """
            UPDATE attempts SET cancel_requested = 1, done = 1, queued = 0, finished_at = $2, lease_token = lease_token + 1
            WHERE id = $1 AND lease_node IS NULL AND NOT EXISTS (SELECT 1 FROM tasks WHERE attempt_id = $1)
            """,
            id.Value,
            Columns.Number(now));
        var asked = session.Execute("UPDATE attempts SET cancel_requested = 1 WHERE id = $1 AND cancel_requested = 0", id.Value);
        return ended > 0 ? CancelOutcome.EndedAtOnce : asked > 0 ? CancelOutcome.Requested : CancelOutcome.AlreadyRequested;
    }
}
