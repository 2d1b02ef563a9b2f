using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Scheduling;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Rows;

using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>Stores a push. Digdag behaviour: server 9.1; better, pushes to one project take turns.</summary>
internal static class Push
{
    public static async Task<StoredProject> RunAsync(PostgreSqlSession session, NewRevision revision, CancellationToken cancellationToken)
    {
        var now = Columns.Number(revision.Now);
        var projectId = await OpenProjectAsync(session, revision, now, cancellationToken).ConfigureAwait(false);
        if (await session.NumberAsync(
            "SELECT id FROM revisions WHERE project_id = $1 AND name = $2", cancellationToken, projectId, revision.Name).ConfigureAwait(false) is not null)
        {
            throw new WorkflowException(
                FailureKind.ResourceConflict, $"Resource already exists: revision={revision.Name} in project id={projectId}");
        }

        var revisionId = (await session.NumberAsync(
            """
            INSERT INTO revisions (project_id, name, archive_type, archive_path, archive_md5, user_info, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id
            """,
            cancellationToken,
            projectId,
            revision.Name,
            revision.ArchiveType,
            revision.ArchivePath,
            revision.ArchiveMd5,
            Columns.Text(revision.UserInfo),
            now).ConfigureAwait(false))!.Value;
        if (revision.ArchivePath is null)
        {
            await session.ExecuteAsync(
                "INSERT INTO revision_archives (revision_id, content) VALUES ($1, $2)", cancellationToken, revisionId, revision.Archive)
                .ConfigureAwait(false);
        }

        await ReplaceWorkflowsAsync(session, revision, projectId, revisionId, now, cancellationToken).ConfigureAwait(false);
        await TriggerTable.ReplaceAsync(session, revision, projectId, revisionId, cancellationToken).ConfigureAwait(false);
        await SignalText.SendAsync(session, SignalText.SchedulesChanged, cancellationToken).ConfigureAwait(false);
        return (await FindAsync(session, revision.SiteId, new ProjectId(projectId), cancellationToken).ConfigureAwait(false))!;
    }

    public static Task<StoredProject?> FindAsync(PostgreSqlSession session, int siteId, ProjectId id, CancellationToken cancellationToken) =>
        session.FirstAsync(
            ProjectRow.SelectProject + " WHERE p.site_id = $1 AND p.id = $2", ProjectRow.ReadProject, cancellationToken, siteId, id.Value);

    private static async Task<long> OpenProjectAsync(PostgreSqlSession session, NewRevision revision, long now, CancellationToken cancellationToken) =>
        await session.NumberAsync(
            "SELECT id FROM projects WHERE site_id = $1 AND name = $2 FOR UPDATE", cancellationToken, revision.SiteId, revision.ProjectName)
            .ConfigureAwait(false)
        ?? (await session.NumberAsync(
            "INSERT INTO projects (site_id, name, created_at) VALUES ($1, $2, $3) RETURNING id",
            cancellationToken,
            revision.SiteId,
            revision.ProjectName,
            now).ConfigureAwait(false))!.Value;

    private static async Task ReplaceWorkflowsAsync(
        PostgreSqlSession session, NewRevision revision, long projectId, long revisionId, long now, CancellationToken cancellationToken)
    {
        var scheduled = new List<string>();
        foreach (var workflow in revision.Workflows)
        {
            var workflowId = await session.NumberAsync(
                "INSERT INTO workflows (revision_id, project_id, name, timezone, config) VALUES ($1, $2, $3, $4, $5) RETURNING id",
                cancellationToken,
                revisionId,
                projectId,
                workflow.Definition.Name,
                workflow.Definition.TimeZone.Id,
                Columns.Text(workflow.Definition.ToConfig())).ConfigureAwait(false);
            if (workflow.PlanSchedule is { } plan)
            {
                scheduled.Add(workflow.Definition.Name);
                await SaveScheduleAsync(session, workflow, plan, projectId, workflowId!.Value, now, cancellationToken).ConfigureAwait(false);
            }
        }

        await session.ExecuteAsync(
            "DELETE FROM schedules WHERE project_id = $1 AND workflow_name <> ALL ($2)", cancellationToken, projectId, scheduled.ToArray())
            .ConfigureAwait(false);
    }

    // Digdag behaviour: schedules 8.2. The id and disabled_at of an existing row stay.
    private static async Task SaveScheduleAsync(
        PostgreSqlSession session,
        NewWorkflow workflow,
        Func<Instant?, ScheduleTime> plan,
        long projectId,
        long workflowId,
        long now,
        CancellationToken cancellationToken)
    {
        var stored = await session.NumberAsync(
            "SELECT last_session_time FROM schedules WHERE project_id = $1 AND workflow_name = $2 FOR UPDATE",
            cancellationToken,
            projectId,
            workflow.Definition.Name).ConfigureAwait(false);
        var last = workflow.ForgetsLastSession ? null : stored;
        var next = plan(last is { } time ? Instant.FromUnixTimeMilliseconds(time) : null);
        await session.ExecuteAsync(
            """
            INSERT INTO schedules (project_id, workflow_id, workflow_name, next_time, next_run_time, last_session_time, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
            ON CONFLICT (project_id, workflow_name) DO UPDATE SET workflow_id = excluded.workflow_id, next_time = excluded.next_time,
                next_run_time = excluded.next_run_time, last_session_time = excluded.last_session_time, updated_at = excluded.updated_at
            """,
            cancellationToken,
            projectId,
            workflowId,
            workflow.Definition.Name,
            Columns.Number(next.Time),
            Columns.Number(next.RunTime),
            last,
            now).ConfigureAwait(false);
    }
}
