using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.Sqlite;

/// <summary>Projects in SQLite.</summary>
internal sealed class SqliteProjectStore(SqliteDatabase database) : IProjectStore
{
    public Task<StoredProject> PushAsync(NewRevision revision, CancellationToken cancellationToken) =>
        database.WriteAsync(session => Push(session, revision), cancellationToken);

    public Task<StoredProject?> FindAsync(int siteId, ProjectId id, CancellationToken cancellationToken) =>
        database.ReadAsync(s => Find(s, siteId, id), cancellationToken);

    public Task<StoredProject?> FindAsync(int siteId, string name, CancellationToken cancellationToken) => database.ReadAsync(
        s => s.First(ProjectRow.SelectProject + " WHERE p.site_id = $1 AND p.name = $2", ProjectRow.ReadProject, siteId, name), cancellationToken);

    public Task<IReadOnlyList<StoredProject>> ListAsync(
        int siteId, ProjectId? lastId, int count, string namePattern, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredProject>>(
            s => s.Query(
                ProjectRow.SelectProject + " WHERE p.site_id = $1 AND p.name IS NOT NULL AND p.id > $2 AND instr(p.name, $3) > 0 ORDER BY p.id LIMIT $4",
                ProjectRow.ReadProject,
                siteId,
                lastId?.Value ?? 0,
                namePattern,
                count),
            cancellationToken);

    public Task<bool> DeleteAsync(int siteId, ProjectId id, Instant now, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            session.Execute("DELETE FROM schedules WHERE project_id = (SELECT id FROM projects WHERE id = $1 AND site_id = $2)", id.Value, siteId);
            session.Execute("DELETE FROM triggers WHERE project_id = $1 AND site_id = $2", id.Value, siteId);
            return session.Execute(
                "UPDATE projects SET deleted_name = name, name = NULL, deleted_at = $3 WHERE id = $1 AND site_id = $2 AND deleted_at IS NULL",
                id.Value,
                siteId,
                Columns.Number(now)) > 0;
        },
        cancellationToken);

    public Task<StoredRevision?> FindRevisionAsync(ProjectId project, string name, CancellationToken cancellationToken) => database.ReadAsync(
        s => s.First(ProjectRow.SelectRevision + " WHERE project_id = $1 AND name = $2", r => ProjectRow.ReadRevision(r, 0), project.Value, name), cancellationToken);

    public Task<IReadOnlyList<StoredRevision>> ListRevisionsAsync(
        ProjectId project, RevisionId? lastId, int count, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredRevision>>(
            s => s.Query(
                ProjectRow.SelectRevision + " WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                r => ProjectRow.ReadRevision(r, 0),
                project.Value,
                lastId?.Value ?? long.MaxValue,
                count),
            cancellationToken);

    public Task<byte[]?> ReadArchiveAsync(RevisionId revision, CancellationToken cancellationToken) => database.ReadAsync(
        s => s.First("SELECT content FROM revision_archives WHERE revision_id = $1", r => r.GetFieldValue<byte[]>(0), revision.Value),
        cancellationToken);

    public Task<StoredWorkflow?> FindWorkflowAsync(int siteId, WorkflowId id, CancellationToken cancellationToken) => database.ReadAsync(
        s => s.First(ProjectRow.SelectWorkflow + " WHERE w.id = $1 AND p.site_id = $2", ProjectRow.ReadWorkflow, id.Value, siteId), cancellationToken);

    public Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(RevisionId revision, string? name, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StoredWorkflow>>(
            s => s.Query(
                ProjectRow.SelectWorkflow + " WHERE w.revision_id = $1 AND ($2 IS NULL OR w.name = $2) ORDER BY w.id", ProjectRow.ReadWorkflow, revision.Value, name),
            cancellationToken);

    public Task<IReadOnlyList<StoredWorkflow>> ListWorkflowsAsync(int siteId, WorkflowQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        const string Filter =
            """
             WHERE p.site_id = $1 AND p.name IS NOT NULL AND r.id = (SELECT max(id) FROM revisions WHERE project_id = p.id)
                AND (instr(w.name, $2) > 0 OR ($3 AND instr(p.name, $2) > 0))
            """;
        var order = query.Descending ? " AND w.id < $4 ORDER BY w.id DESC LIMIT $5" : " AND w.id > $4 ORDER BY w.id LIMIT $5";
        return database.ReadAsync<IReadOnlyList<StoredWorkflow>>(
            s => s.Query(
                ProjectRow.SelectWorkflow + Filter + order,
                ProjectRow.ReadWorkflow,
                siteId,
                query.NamePattern,
                query.SearchesProjectName ? 1 : 0,
                query.LastId?.Value ?? (query.Descending ? long.MaxValue : 0),
                query.Count),
            cancellationToken);
    }

    private static StoredProject? Find(SqliteSession session, int siteId, ProjectId id) =>
        session.First(ProjectRow.SelectProject + " WHERE p.site_id = $1 AND p.id = $2", ProjectRow.ReadProject, siteId, id.Value);

    private static StoredProject Push(SqliteSession session, NewRevision revision)
    {
        var now = Columns.Number(revision.Now);
        var projectId = session.Number("SELECT id FROM projects WHERE site_id = $1 AND name = $2", revision.SiteId, revision.ProjectName)
            ?? session.Insert(
                "INSERT INTO projects (site_id, name, created_at) VALUES ($1, $2, $3)", revision.SiteId, revision.ProjectName, now);
        if (session.Number("SELECT id FROM revisions WHERE project_id = $1 AND name = $2", projectId, revision.Name) is not null)
        {
            throw new WorkflowException(
                FailureKind.ResourceConflict, $"Resource already exists: revision={revision.Name} in project id={projectId}");
        }

        var revisionId = session.Insert(
            """
            INSERT INTO revisions (project_id, name, archive_type, archive_path, archive_md5, user_info, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            projectId,
            revision.Name,
            revision.ArchiveType,
            revision.ArchivePath,
            revision.ArchiveMd5.ToArray(),
            Columns.Text(revision.UserInfo),
            now);
        if (revision.ArchivePath is null)
        {
            session.Execute("INSERT INTO revision_archives (revision_id, content) VALUES ($1, $2)", revisionId, revision.Archive.ToArray());
        }

        ReplaceWorkflows(session, revision, projectId, revisionId, now);
        SqliteDatabase.Finish(TriggerTable.ReplaceAsync(session, revision, projectId, revisionId, CancellationToken.None));
        return Find(session, revision.SiteId, new ProjectId(projectId))!;
    }

    private static void ReplaceWorkflows(SqliteSession session, NewRevision revision, long projectId, long revisionId, long now)
    {
        var scheduled = new HashSet<string>(StringComparer.Ordinal);
        foreach (var workflow in revision.Workflows)
        {
            var workflowId = session.Insert(
                "INSERT INTO workflows (revision_id, project_id, name, timezone, config) VALUES ($1, $2, $3, $4, $5)",
                revisionId,
                projectId,
                workflow.Definition.Name,
                workflow.Definition.TimeZone.Id,
                Columns.Text(workflow.Definition.ToConfig()));
            if (workflow.PlanSchedule is { } plan)
            {
                scheduled.Add(workflow.Definition.Name);
                SaveSchedule(session, workflow, plan, projectId, workflowId, now);
            }
        }

        foreach (var gone in session.Query("SELECT workflow_name FROM schedules WHERE project_id = $1", r => r.GetString(0), projectId))
        {
            if (!scheduled.Contains(gone))
            {
                session.Execute("DELETE FROM schedules WHERE project_id = $1 AND workflow_name = $2", projectId, gone);
            }
        }
    }

    // Digdag behaviour: schedules 8.2. The id and disabled_at of an existing row stay.
    private static void SaveSchedule(
        SqliteSession session, NewWorkflow workflow, Func<Instant?, Core.Scheduling.ScheduleTime> plan, long projectId, long workflowId, long now)
    {
        var last = workflow.ForgetsLastSession
            ? null
            : session.Number(
                "SELECT last_session_time FROM schedules WHERE project_id = $1 AND workflow_name = $2", projectId, workflow.Definition.Name);
        var next = plan(last is { } time ? Instant.FromUnixTimeMilliseconds(time) : null);
        session.Execute(
            """
            INSERT INTO schedules (project_id, workflow_id, workflow_name, next_time, next_run_time, last_session_time, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            ON CONFLICT (project_id, workflow_name) DO UPDATE SET workflow_id = $2, next_time = $4, next_run_time = $5,
                last_session_time = $6, updated_at = $7
            """,
            projectId,
            workflowId,
            workflow.Definition.Name,
            Columns.Number(next.Time),
            Columns.Number(next.RunTime),
            last,
            now);
    }
}
