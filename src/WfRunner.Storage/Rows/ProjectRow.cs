using System.Data.Common;
using WfRunner.Core.Dig;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Projects;

namespace WfRunner.Storage.Rows;

/// <summary>Rows of projects with their latest revision, of revisions and of workflows.</summary>
internal static class ProjectRow
{
    public const string SelectProject =
        """
        SELECT p.id, p.site_id, coalesce(p.name, p.deleted_name), p.created_at, p.deleted_at,
            r.id, r.project_id, r.name, r.archive_type, r.archive_md5, r.user_info, r.created_at, r.archive_path
        FROM projects p JOIN revisions r ON r.id = (SELECT max(id) FROM revisions WHERE project_id = p.id)
        """;

    public const string SelectRevision = "SELECT id, project_id, name, archive_type, archive_md5, user_info, created_at, archive_path FROM revisions";

    public const string SelectWorkflow =
        """
        SELECT w.id, w.project_id, coalesce(p.name, p.deleted_name), r.id, r.name, w.name, w.timezone, w.config
        FROM workflows w JOIN revisions r ON r.id = w.revision_id JOIN projects p ON p.id = w.project_id
        """;

    public static StoredProject ReadProject(DbDataReader row) => new()
    {
        Id = new ProjectId(row.GetInt64(0)),
        SiteId = row.GetInt32(1),
        Name = row.GetString(2),
        CreatedAt = row.Time(3),
        DeletedAt = row.TimeOrNull(4),
        LatestRevision = ReadRevision(row, 5),
    };

    public static StoredRevision ReadRevision(DbDataReader row, int first) => new()
    {
        Id = new RevisionId(row.GetInt64(first)),
        ProjectId = new ProjectId(row.GetInt64(first + 1)),
        Name = row.GetString(first + 2),
        ArchiveType = row.GetString(first + 3),
        ArchiveMd5 = row.IsDBNull(first + 4) ? null : row.GetFieldValue<byte[]>(first + 4),
        UserInfo = row.Map(first + 5),
        CreatedAt = row.Time(first + 6),
        ArchivePath = row.IsDBNull(first + 7) ? null : row.GetString(first + 7),
    };

    public static StoredWorkflow ReadWorkflow(DbDataReader row) => new(
        new WorkflowId(row.GetInt64(0)),
        new ProjectId(row.GetInt64(1)),
        row.GetString(2),
        new RevisionId(row.GetInt64(3)),
        row.GetString(4),
        WorkflowDefinition.OfConfig(row.GetString(5), row.Zone(6), row.Map(7)));
}
