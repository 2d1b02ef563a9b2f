using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

namespace WfRunner.Storage.Sql;

/// <summary>The table of attempts.</summary>
internal static class AttemptTable
{
    public static Task<StoredAttempt?> FindAsync(ISqlSession session, AttemptId id, CancellationToken cancellationToken) =>
        session.FirstAsync(AttemptRow.Select + " WHERE a.id = $1", AttemptRow.Read, cancellationToken, id.Value);

    public static Task<StoredAttempt?> FindAsync(ISqlSession session, int siteId, AttemptId id, CancellationToken cancellationToken) =>
        session.FirstAsync(AttemptRow.Select + " WHERE a.id = $1 AND a.site_id = $2", AttemptRow.Read, cancellationToken, id.Value, siteId);
}
