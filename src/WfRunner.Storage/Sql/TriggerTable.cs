using System.Data.Common;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Dig;
using WfRunner.Core.Sessions;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Rows;
using WfRunner.Storage.Triggers;

namespace WfRunner.Storage.Sql;

/// <summary>The tables of triggers, and of what they are to start.</summary>
internal static class TriggerTable
{
    /// <summary>
    /// Stores what is to be started because attempts succeeded. What is read from follows it: rows <c>e</c> with the columns <c>id</c> and
    /// <c>finished_at</c> of attempts that are marked as succeeded in the same transaction, and were not before.
    /// </summary>
    public const string Fire =
        """
        INSERT INTO trigger_firings (site_id, upstream_attempt_id, workflow_id, session_time, fired_at)
        SELECT a.site_id, a.id, t.workflow_id, s.session_time, e.finished_at
        FROM attempts a
            JOIN sessions s ON s.id = a.session_id
            JOIN projects p ON p.id = a.project_id
            JOIN triggers t ON t.upstream_project = p.name AND t.upstream_workflow = s.workflow_name AND t.site_id = a.site_id
        """;

    private const string Select =
        """
        SELECT t.project_id, p.name, t.workflow_id, w.name, t.upstream_project, t.upstream_workflow
        FROM triggers t JOIN projects p ON p.id = t.project_id JOIN workflows w ON w.id = t.workflow_id
        """;

    public static Task<List<StoredTrigger>> ListAsync(ISqlSession session, int siteId, CancellationToken cancellationToken) =>
        session.QueryAsync(Select + " WHERE t.site_id = $1 ORDER BY p.name, w.name", Read, cancellationToken, siteId);

    public static Task<List<TriggerFiring>> ListFiringsAsync(ISqlSession session, long after, int count, CancellationToken cancellationToken) =>
        session.QueryAsync(
            "SELECT id, site_id, upstream_attempt_id, workflow_id, session_time, fired_at FROM trigger_firings WHERE id > $1 ORDER BY id LIMIT $2",
            static r => new TriggerFiring(
                r.GetInt64(0),
                r.GetInt32(1),
                new AttemptId(r.GetInt64(2)),
                new WorkflowId(r.GetInt64(3)),
                Instant.FromUnixTimeSeconds(r.GetInt64(4)),
                r.Time(5)),
            cancellationToken,
            after,
            count);

    /// <summary>Deletes what was to be started.</summary>
    /// <returns>Whether it was still there.</returns>
    public static async Task<bool> ForgetAsync(ISqlSession session, TriggerFiring firing, CancellationToken cancellationToken) =>
        await session.ExecuteAsync("DELETE FROM trigger_firings WHERE id = $1", cancellationToken, firing.Id).ConfigureAwait(false) > 0;

    /// <summary>Forgets the triggers of a project.</summary>
    public static Task<int> ClearAsync(ISqlSession session, long projectId, CancellationToken cancellationToken) =>
        session.ExecuteAsync("DELETE FROM triggers WHERE project_id = $1", cancellationToken, projectId);

    /// <summary>Puts the triggers of a push in the place of those that the project had.</summary>
    /// <exception cref="WorkflowException">A project that is waited for does not exist, or workflows would start each other for ever.</exception>
    public static async Task ReplaceAsync(
        ISqlSession session, NewRevision revision, long projectId, long revisionId, CancellationToken cancellationToken)
    {
        await ClearAsync(session, projectId, cancellationToken).ConfigureAwait(false);
        var triggered = revision.Workflows.Where(w => w.Definition.Trigger is not null).Select(w => w.Definition).ToList();
        if (triggered.Count == 0)
        {
            return;
        }

        // Pushes at the same time might close a cycle that neither of them sees.
        await session.TakeTurnAsync("triggers", cancellationToken).ConfigureAwait(false);
        foreach (var definition in triggered)
        {
            await InsertAsync(session, revision.SiteId, projectId, revisionId, definition, cancellationToken).ConfigureAwait(false);
        }

        var all = await ListAsync(session, revision.SiteId, cancellationToken).ConfigureAwait(false);
        if (TriggerGraph.FindCycle(all.Select(t => (new QualifiedWorkflow(t.UpstreamProject, t.UpstreamWorkflow), new QualifiedWorkflow(t.ProjectName, t.WorkflowName))))
            is { } cycle)
        {
            throw new WorkflowException(
                FailureKind.IllegalArgument,
                $"Workflows would start each other for ever: {string.Join(" -> ", cycle)}. Remove trigger: from one of them");
        }
    }

    private static async Task InsertAsync(
        ISqlSession session, int siteId, long projectId, long revisionId, WorkflowDefinition definition, CancellationToken cancellationToken)
    {
        var trigger = definition.Trigger!;
        if (await session.NumberAsync(
            "SELECT id FROM projects WHERE site_id = $1 AND name = $2", cancellationToken, siteId, trigger.ProjectName).ConfigureAwait(false) is null)
        {
            // The service's words.
            throw new WorkflowException(FailureKind.IllegalArgument, $"Dependent project '{trigger.ProjectName}' not found in trigger config");
        }

        await session.ExecuteAsync(
            """
            INSERT INTO triggers (workflow_id, project_id, site_id, upstream_project, upstream_workflow)
            SELECT id, $2, $3, $4, $5 FROM workflows WHERE revision_id = $1 AND name = $6
            """,
            cancellationToken,
            revisionId,
            projectId,
            siteId,
            trigger.ProjectName,
            trigger.WorkflowName,
            definition.Name).ConfigureAwait(false);
    }

    private static StoredTrigger Read(DbDataReader row) => new(
        new ProjectId(row.GetInt64(0)), row.GetString(1), new WorkflowId(row.GetInt64(2)), row.GetString(3), row.GetString(4), row.GetString(5));
}
