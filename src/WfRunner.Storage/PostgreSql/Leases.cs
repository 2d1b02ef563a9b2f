using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>The lease columns of attempts. A token only grows, so an old holder can never write again.</summary>
internal sealed class Leases(bool usesDatabaseClock)
{
    /// <summary>Milliseconds since 1970: those in <c>$1</c>, or the database's clock where it is null.</summary>
    private const string Now = "coalesce($1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)";

    private const string AcquireFree =
        $"""
        WITH free AS (
            SELECT a.id FROM attempts a
            WHERE NOT a.done AND NOT a.queued AND (a.lease_node IS NULL OR a.lease_until <= {Now})
                AND NOT EXISTS (SELECT 1 FROM attempts b WHERE b.session_id = a.waits_for_session AND NOT b.done)
            ORDER BY a.id LIMIT $2 FOR UPDATE OF a SKIP LOCKED)
        UPDATE attempts a SET lease_node = $3, lease_token = a.lease_token + 1, lease_until = {Now} + $4
        FROM free WHERE a.id = free.id
        RETURNING a.id, a.lease_token
        """;

    private const string TakeOne =
        $"UPDATE attempts SET lease_node = $2, lease_token = lease_token + 1, lease_until = {Now} + $3 WHERE id = $4 RETURNING lease_token";

    // Rows are locked in the order of their ids, as group commits lock them, so that neither waits for the other.
    private const string RenewHeld =
        $"""
        WITH held AS (
            SELECT a.id FROM attempts a JOIN unnest($2, $3) AS w (id, token) ON w.id = a.id
            WHERE a.lease_token = w.token AND a.lease_node = $4 AND NOT a.done
            ORDER BY a.id FOR UPDATE OF a)
        UPDATE attempts a SET lease_until = {Now} + $5 FROM held WHERE a.id = held.id
        RETURNING a.id, a.cancel_requested
        """;

    private const string ReleaseHeld =
        """
        WITH held AS (
            SELECT a.id FROM attempts a JOIN unnest($1, $2) AS w (id, token) ON w.id = a.id
            WHERE a.lease_token = w.token AND a.lease_node IS NOT NULL AND NOT a.done
            ORDER BY a.id FOR UPDATE OF a)
        UPDATE attempts a SET lease_node = NULL, lease_until = NULL FROM held WHERE a.id = held.id
        """;

    private const string FirstExpiry = $"SELECT min(lease_until) - {Now} FROM attempts WHERE NOT done AND lease_node <> $2";

    /// <summary>Takes attempts that no node has, oldest first.</summary>
    public async Task<List<AttemptLease>> AcquireAsync(PostgreSqlSession session, NodeClaim claim, int count, CancellationToken cancellationToken)
    {
        var taken = await session.QueryAsync(
            AcquireFree,
            static r => new AttemptLease(new AttemptId(r.GetInt64(0)), r.GetInt64(1)),
            cancellationToken,
            NowOf(claim),
            count,
            claim.Node,
            LengthOf(claim)).ConfigureAwait(false);
        taken.Sort(static (a, b) => a.AttemptId.Value.CompareTo(b.AttemptId.Value));
        return taken;
    }

    /// <summary>Takes an attempt that this transaction inserted.</summary>
    public async Task<AttemptLease> TakeAsync(PostgreSqlSession session, AttemptId attempt, NodeClaim claim, CancellationToken cancellationToken)
    {
        var token = await session.NumberAsync(TakeOne, cancellationToken, NowOf(claim), claim.Node, LengthOf(claim), attempt.Value)
            .ConfigureAwait(false);
        return new AttemptLease(attempt, token!.Value);
    }

    public async Task<LeaseRenewal> RenewAsync(
        PostgreSqlSession session, NodeClaim claim, IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            RenewHeld,
            static r => (Id: new AttemptId(r.GetInt64(0)), IsCancelled: r.GetBoolean(1)),
            cancellationToken,
            NowOf(claim),
            leases.Select(l => l.AttemptId.Value).ToArray(),
            leases.Select(l => l.Token).ToArray(),
            claim.Node,
            LengthOf(claim)).ConfigureAwait(false);
        return new LeaseRenewal(rows.Select(r => r.Id).ToHashSet(), rows.Where(r => r.IsCancelled).Select(r => r.Id).ToHashSet());
    }

    public static async Task<bool> ReleaseAsync(
        PostgreSqlSession session, IReadOnlyCollection<AttemptLease> leases, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            ReleaseHeld,
            cancellationToken,
            leases.Select(l => l.AttemptId.Value).ToArray(),
            leases.Select(l => l.Token).ToArray()).ConfigureAwait(false);
        await SignalText.SendAsync(session, SignalText.AttemptsFree, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public async Task<Duration?> NextExpiryAsync(PostgreSqlSession session, NodeClaim claim, CancellationToken cancellationToken) =>
        await session.NumberAsync(FirstExpiry, cancellationToken, NowOf(claim), claim.Node).ConfigureAwait(false) is { } left
            ? Duration.FromMilliseconds(left)
            : null;

    private Argument NowOf(NodeClaim claim) => usesDatabaseClock ? (long?)null : Columns.Number(claim.Now);

    private static long LengthOf(NodeClaim claim) => (long)(claim.Until - claim.Now).TotalMilliseconds;
}
