using NodaTime;
using WfRunner.Core;

namespace WfRunner.Storage.Sqlite;

/// <summary>
/// The schema, as the steps it grew in. A step is never changed once it was released; each runs once, in the transaction that
/// records it. Times are milliseconds since 1970, session times seconds.
/// </summary>
internal static class Migrations
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE projects (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site_id INTEGER NOT NULL,
            name TEXT,
            deleted_name TEXT,
            created_at INTEGER NOT NULL,
            deleted_at INTEGER,
            UNIQUE (site_id, name));
        CREATE TABLE revisions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            project_id INTEGER NOT NULL REFERENCES projects (id),
            name TEXT NOT NULL,
            archive_type TEXT NOT NULL,
            archive_md5 BLOB,
            user_info TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (project_id, name));
        CREATE TABLE revision_archives (
            revision_id INTEGER PRIMARY KEY REFERENCES revisions (id),
            content BLOB NOT NULL);
        CREATE TABLE workflows (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            revision_id INTEGER NOT NULL REFERENCES revisions (id),
            project_id INTEGER NOT NULL REFERENCES projects (id),
            name TEXT NOT NULL,
            timezone TEXT NOT NULL,
            config TEXT NOT NULL,
            UNIQUE (revision_id, name));
        CREATE TABLE schedules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            project_id INTEGER NOT NULL REFERENCES projects (id),
            workflow_id INTEGER NOT NULL REFERENCES workflows (id),
            workflow_name TEXT NOT NULL,
            next_time INTEGER NOT NULL,
            next_run_time INTEGER NOT NULL,
            last_session_time INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            disabled_at INTEGER,
            UNIQUE (project_id, workflow_name));
        CREATE INDEX schedules_due ON schedules (next_run_time) WHERE disabled_at IS NULL;
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            project_id INTEGER NOT NULL REFERENCES projects (id),
            workflow_name TEXT NOT NULL,
            session_time INTEGER NOT NULL,
            uuid TEXT NOT NULL,
            last_attempt_id INTEGER,
            UNIQUE (project_id, workflow_name, session_time));
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session_id INTEGER NOT NULL REFERENCES sessions (id),
            site_id INTEGER NOT NULL,
            project_id INTEGER NOT NULL REFERENCES projects (id),
            workflow_id INTEGER NOT NULL REFERENCES workflows (id),
            name TEXT NOT NULL,
            idx INTEGER NOT NULL,
            timezone TEXT NOT NULL,
            params TEXT NOT NULL,
            resumed_tasks TEXT NOT NULL,
            waits_for_session INTEGER REFERENCES sessions (id),
            cancel_requested INTEGER NOT NULL DEFAULT 0,
            done INTEGER NOT NULL DEFAULT 0,
            success INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            finished_at INTEGER,
            lease_node TEXT,
            lease_token INTEGER NOT NULL DEFAULT 0,
            lease_until INTEGER,
            UNIQUE (session_id, name));
        CREATE INDEX attempts_unfinished ON attempts (site_id, id) WHERE done = 0;
        CREATE INDEX attempts_of_project ON attempts (project_id, id);
        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY,
            attempt_id INTEGER NOT NULL REFERENCES attempts (id),
            parent_id INTEGER,
            upstreams TEXT NOT NULL,
            full_name TEXT NOT NULL,
            is_group INTEGER NOT NULL,
            state INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            local_config TEXT NOT NULL,
            export_config TEXT NOT NULL,
            subtask_config TEXT NOT NULL,
            export_params TEXT NOT NULL,
            reset_store_params TEXT NOT NULL,
            store_params TEXT NOT NULL,
            error TEXT NOT NULL,
            state_params TEXT NOT NULL,
            retry_count INTEGER NOT NULL,
            retry_at INTEGER,
            started_at INTEGER,
            updated_at INTEGER NOT NULL,
            resuming_task_id INTEGER);
        CREATE INDEX tasks_of_attempt ON tasks (attempt_id, id);
        CREATE TABLE secrets (
            project_id INTEGER NOT NULL REFERENCES projects (id),
            scope INTEGER NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (project_id, scope, key)) WITHOUT ROWID;
        """,
        """
        CREATE INDEX attempts_failed ON attempts (site_id, finished_at) WHERE done = 1 AND success = 0;
        CREATE INDEX attempts_finished ON attempts (finished_at) WHERE done = 1;
        CREATE INDEX attempts_waiting ON attempts (waits_for_session);
        """,
        """
        ALTER TABLE attempts ADD COLUMN pool_id INTEGER;
        ALTER TABLE attempts ADD COLUMN queued INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE attempts ADD COLUMN run_time INTEGER;
        CREATE INDEX attempts_queued ON attempts (site_id, pool_id, id) WHERE queued = 1;
        CREATE TABLE pools (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            concurrency_limit INTEGER,
            UNIQUE (site_id, name));
        INSERT INTO pools (site_id, name) VALUES (0, 'default');
        CREATE TABLE pool_rules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site_id INTEGER NOT NULL,
            pool_id INTEGER NOT NULL REFERENCES pools (id),
            priority INTEGER NOT NULL,
            conditions TEXT NOT NULL,
            UNIQUE (site_id, priority));
        CREATE TABLE triggers (
            workflow_id INTEGER PRIMARY KEY REFERENCES workflows (id),
            project_id INTEGER NOT NULL REFERENCES projects (id),
            site_id INTEGER NOT NULL,
            upstream_project TEXT NOT NULL,
            upstream_workflow TEXT NOT NULL);
        CREATE INDEX triggers_of_project ON triggers (project_id);
        CREATE INDEX triggers_of_upstream ON triggers (upstream_project, upstream_workflow, site_id);
        CREATE TABLE trigger_firings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            site_id INTEGER NOT NULL,
            upstream_attempt_id INTEGER NOT NULL,
            workflow_id INTEGER NOT NULL,
            session_time INTEGER NOT NULL,
            fired_at INTEGER NOT NULL,
            UNIQUE (upstream_attempt_id, workflow_id));
        """,
        "ALTER TABLE revisions ADD COLUMN archive_path TEXT",
    ];

    /// <summary>The versions that a database lacks.</summary>
    /// <returns>Ascending; null when the database was never migrated.</returns>
    public static IReadOnlyList<int>? Pending(SqliteSession session)
    {
        if (session.Number("SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'") == 0)
        {
            return null;
        }

        var version = (int)(session.Number("SELECT max(version) FROM schema_migrations") ?? 0);
        return [.. Enumerable.Range(version + 1, Math.Max(0, Steps.Length - version))];
    }

    /// <summary>Brings a database up to date.</summary>
    /// <exception cref="WorkflowException">The database is newer than this program.</exception>
    public static void Apply(SqliteSession session, Instant now)
    {
        session.Script("CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)");
        var version = session.Number("SELECT max(version) FROM schema_migrations") ?? 0;
        if (version > Steps.Length)
        {
            throw new WorkflowException(
                FailureKind.Database,
                $"The database has schema version {version}, this program knows {Steps.Length}: it was written by a newer version, which must be used to open it");
        }

        for (var step = (int)version; step < Steps.Length; step++)
        {
            session.Script(Steps[step]);
            session.Execute("INSERT INTO schema_migrations (version, applied_at) VALUES ($1, $2)", step + 1, now.ToUnixTimeMilliseconds());
        }
    }
}
