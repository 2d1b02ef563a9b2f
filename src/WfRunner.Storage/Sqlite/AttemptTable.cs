using WfRunner.Core.Sessions;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Rows;

namespace WfRunner.Storage.Sqlite;

/// <summary>The table of attempts.</summary>
internal static class AttemptTable
{
    public static StoredAttempt? Find(SqliteSession session, AttemptId id) =>
        session.First(AttemptRow.Select + " WHERE a.id = $1", AttemptRow.Read, id.Value);

    public static StoredAttempt? Find(SqliteSession session, int siteId, AttemptId id) =>
        session.First(AttemptRow.Select + " WHERE a.id = $1 AND a.site_id = $2", AttemptRow.Read, id.Value, siteId);
}
