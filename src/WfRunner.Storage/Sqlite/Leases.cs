using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

namespace WfRunner.Storage.Sqlite;

/// <summary>The lease columns of attempts. A token only grows, so an old holder can never write again.</summary>
internal static class Leases
{
    public static AttemptLease Take(SqliteSession session, AttemptId attempt, NodeClaim claim)
    {
        session.Execute(
            "UPDATE attempts SET lease_node = $2, lease_token = lease_token + 1, lease_until = $3 WHERE id = $1",
            attempt.Value,
            claim.Node,
            Columns.Number(claim.Until));
        return new AttemptLease(attempt, session.Number("SELECT lease_token FROM attempts WHERE id = $1", attempt.Value)!.Value);
    }

    public static LeaseRenewal Renew(SqliteSession session, NodeClaim claim, IReadOnlyCollection<AttemptLease> leases)
    {
        var (held, cancelled) = (new HashSet<AttemptId>(), new HashSet<AttemptId>());
        foreach (var lease in leases)
        {
            var changed = session.Execute(
                "UPDATE attempts SET lease_until = $3 WHERE id = $1 AND lease_token = $2 AND lease_node = $4 AND done = 0",
                lease.AttemptId.Value,
                lease.Token,
                Columns.Number(claim.Until),
                claim.Node);
            if (changed > 0)
            {
                held.Add(lease.AttemptId);
                if (session.Number("SELECT cancel_requested FROM attempts WHERE id = $1", lease.AttemptId.Value) == 1)
                {
                    cancelled.Add(lease.AttemptId);
                }
            }
        }

        return new LeaseRenewal(held, cancelled);
    }

    public static int Release(SqliteSession session, AttemptLease lease) => session.Execute(
        "UPDATE attempts SET lease_node = NULL, lease_until = NULL WHERE id = $1 AND lease_token = $2 AND done = 0",
        lease.AttemptId.Value,
        lease.Token);

    /// <summary>Refuses a holder that has the lease no more. An end that was stored already may be stored again.</summary>
    public static void Check(SqliteSession session, AttemptLease lease, bool isEnd)
    {
        if (session.Number(
            "SELECT 1 FROM attempts WHERE id = $1 AND lease_token = $2 AND ((lease_node IS NOT NULL AND done = 0) OR (done AND $3))",
            lease.AttemptId.Value,
            lease.Token,
            isEnd ? 1 : 0) is null)
        {
            throw new LeaseLostException(lease);
        }
    }

    /// <summary>
    /// Frees everything. To be called when the database was opened under its exclusive lock: whoever held a lease is dead.
    /// </summary>
    public static void FreeAll(SqliteSession session) =>
        session.Execute("UPDATE attempts SET lease_node = NULL, lease_until = NULL WHERE done = 0 AND lease_node IS NOT NULL");
}
