using NodaTime;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Rows;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Projects in PostgreSQL.</summary>
internal sealed class PostgreSqlProjectStore(PostgreSqlDatabase database) : IProjectStore
{
    public Task<StoredProject> PushAsync(NewRevision revision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(revision);
        return database.WriteAsync((s, c) => Push.RunAsync(s, revision, c), cancellationToken);
    }

    public Task<StoredProject?> FindAsync(int siteId, ProjectId id, CancellationToken cancellationToken) =>
        database.ReadAsync((s, c) => Push.FindAsync(s, siteId, id, c), cancellationToken);

    public Task<StoredProject?> FindAsync(int siteId, string name, CancellationToken cancellationToken) => database.ReadAsync(
        (s, c) => s.FirstAsync(ProjectRow.SelectProject + " WHERE p.site_id = $1 AND p.name = $2", ProjectRow.ReadProject, c, siteId, name),
        cancellationToken);

    public Task<IReadOnlyList<StoredProject>> ListAsync(
        int siteId, ProjectId? lastId, int count, string namePattern, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredProject>>(
            async (s, c) => await s.QueryAsync(
                ProjectRow.SelectProject
                + " WHERE p.site_id = $1 AND p.name IS NOT NULL AND p.id > $2 AND strpos(p.name, $3) > 0 ORDER BY p.id LIMIT $4",
                ProjectRow.ReadProject,
                c,
                siteId,
                lastId?.Value ?? 0,
                namePattern,
                count).ConfigureAwait(false),
            cancellationToken);

    public Task<bool> DeleteAsync(int siteId, ProjectId id, Instant now, CancellationToken cancellationToken) => database.WriteAsync(
        async (s, c) =>
        {
            var deleted = await s.ExecuteAsync(
                "UPDATE projects SET deleted_name = name, name = NULL, deleted_at = $3 WHERE id = $1 AND site_id = $2 AND deleted_at IS NULL",
                c,
                id.Value,
                siteId,
                Columns.Number(now)).ConfigureAwait(false) > 0;
            if (deleted)
            {
                await s.ExecuteAsync("DELETE FROM schedules WHERE project_id = $1", c, id.Value).ConfigureAwait(false);
                await TriggerTable.ClearAsync(s, id.Value, c).ConfigureAwait(false);
                await SignalText.SendAsync(s, SignalText.SchedulesChanged, c).ConfigureAwait(false);
            }

            return deleted;
        },
        cancellationToken);

    public Task<StoredRevision?> FindRevisionAsync(ProjectId project, string name, CancellationToken cancellationToken) => database.ReadAsync(
        (s, c) => s.FirstAsync(
            ProjectRow.SelectRevision + " WHERE project_id = $1 AND name = $2", static r => ProjectRow.ReadRevision(r, 0), c, project.Value, name),
        cancellationToken);

    public Task<IReadOnlyList<StoredRevision>> ListRevisionsAsync(
        ProjectId project, RevisionId? lastId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredRevision>>(
            async (s, c) => await s.QueryAsync(
                ProjectRow.SelectRevision + " WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                static r => ProjectRow.ReadRevision(r, 0),
                c,
                project.Value,
                lastId?.Value ?? long.MaxValue,
                count).ConfigureAwait(false),
            cancellationToken);

    public Task<byte[]?> ReadArchiveAsync(RevisionId revision, CancellationToken cancellationToken) => database.ReadAsync(
        (s, c) => s.FirstAsync(
            "SELECT content FROM revision_archives WHERE revision_id = $1", static r => r.GetFieldValue<byte[]>(0), c, revision.Value),
        cancellationToken);

    public Task<StoredWorkflow?> FindWorkflowAsync(int siteId, WorkflowId id, CancellationToken cancellationToken) => database.ReadAsync(
        (s, c) => s.FirstAsync(ProjectRow.SelectWorkflow + " WHERE w.id = $1 AND p.site_id = $2", ProjectRow.ReadWorkflow, c, id.Value, siteId),
        cancellationToken);

    public Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(RevisionId revision, string? name, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredWorkflow>>(
            async (s, c) => await s.QueryAsync(
                ProjectRow.SelectWorkflow + " WHERE w.revision_id = $1 AND ($2 IS NULL OR w.name = $2) ORDER BY w.id",
                ProjectRow.ReadWorkflow,
                c,
                revision.Value,
                name).ConfigureAwait(false),
            cancellationToken);

    public Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(int siteId, WorkflowQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        const string Filter =
            """
             WHERE p.site_id = $1 AND p.name IS NOT NULL AND r.id = (SELECT max(id) FROM revisions WHERE project_id = p.id)
                AND (strpos(w.name, $2) > 0 OR ($3 AND strpos(p.name, $2) > 0))
            """;
        var order = query.Descending ? " AND w.id < $4 ORDER BY w.id DESC LIMIT $5" : " AND w.id > $4 ORDER BY w.id LIMIT $5";
        return database.ReadAsync<IReadOnlyList<StoredWorkflow>>(
            async (s, c) => await s.QueryAsync(
                ProjectRow.SelectWorkflow + Filter + order,
                ProjectRow.ReadWorkflow,
                c,
                siteId,
                query.NamePattern,
                query.SearchesProjectName,
                query.LastId?.Value ?? (query.Descending ? long.MaxValue : 0),
                query.Count).ConfigureAwait(false),
            cancellationToken);
    }
}
