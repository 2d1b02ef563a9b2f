using WfRunner.Core;

namespace WfRunner.Server.Settings;

/// <summary>
/// The keys of a server's configuration (server 3). One that works is silent; one that has no effect here says what to use instead; one
/// that nobody knows is said to be unknown, with the nearest known one. Keys of clients and of operators are none of its business.
/// </summary>
internal static class KnownKeys
{
    private const string NoThreads = "requests are answered without threads of their own; server.http.max-connections bounds how many there are at once";
    private const string NoRouting = "this server has one site, whose attempts every node may run";

    private static readonly HashSet<string> Working =
    [
        .. ObjectStoreSettings.KeysBelow("archive"), .. ObjectStoreSettings.KeysBelow("log-server"),
        "server.port", "server.bind", "server.admin.port", "server.admin.bind", "server.runtime-info.path", "server.access-log.path",
        "server.access-log.pattern", "server.http.no-request-timeout", "server.http.request-parse-timeout", "server.http.io-idle-timeout",
        "server.http.enable-http2", "server.http.http2-port", "server.http.max-connections", "server.http.allowed-origins", "server.http.allowed-hosts",
        "server.executor.enabled", "server.enable-swagger", "server.base-path", "server.ui.enabled", "server.ui.title", "server.ui.links.job", "server.insecure-no-auth",
        "server.client-version-check.upgrade-recommended-if-older", "server.client-version-check.api-incompatible-if-older",
        "server.authenticator.type", "server.authenticator.basic.username", "server.authenticator.basic.password",
        "server.authenticator.basic.admin", "basicauth.username", "basicauth.password", "basicauth.admin",
        "agent.enabled", "agent.max-task-threads", "agent.heartbeat-interval", "agent.lock-retention-time", "agent.id",
        "executor.task_ttl", "executor.attempt_ttl", "executor.ttl_reaping_interval", "executor.task_max_run", "executor.attempt_max_run", "executor.attempt_max_queued", "executor.attempt_queueing", "executor.task_max_name_bytes", "server.profile",
        "io.digdag.limits.maxWorkflowTasks", "io.digdag.limits.maxAttempts", "schedule.enabled",
        "api.max_sessions_page_size", "api.max_attempts_page_size", "api.max_archive_total_size_limit",
        "archive.type", "archive.local.path", "log-server.type", "log-server.local.path", "digdag.secret-encryption-key", "digdag.defaultParams", "tmpdir",
        "notification.type", "notification.schedule_delay", "metrics.public", "retention.days",
        "queue.db.max_concurrency", "queue-server.type",
    ];

    // Whose names are free, or whose keys somebody else checks.
    private static readonly string[] WorkingPrefixes =
    [
        "server.http.headers.", "server.environment.", "server.authenticator.basic.users.", "server.authenticator.tokens.", "notification.",
        "param_server.", "database.", "agent.command_executor.", "eval.",
    ];

    private static readonly Dictionary<string, string> WithoutEffect = new(StringComparer.Ordinal)
    {
        ["server.http.io-threads"] = NoThreads,
        ["server.http.worker-threads"] = NoThreads,
        ["server.jmx.port"] = "there is no JMX here; /metrics has the numbers in Prometheus's format",
        ["server.authenticator-class"] = "use server.authenticator.type instead",
        ["metrics.enable"] = "/metrics has the numbers in Prometheus's format, always",
        ["executor.enqueue_random_fetch"] = "tasks are handed out the moment they are ready, so there is no queue to take them from",
        ["executor.enqueue_fetch_size"] = "tasks are handed out the moment they are ready, so there is no queue to take them from",
        ["executor.account_routing.enabled"] = NoRouting,
        ["agent.account_routing.enabled"] = NoRouting,
        ["scheduler.account_routing.enabled"] = NoRouting,
        ["log-server.local.split_size"] = "a task's log is one file for each run of its operator",
        ["plugin.enabled"] = "plug-ins are executables called wf-operator-NAME, on the PATH or in the project (docs/operators.md)",
        ["plugin.local-path"] = "plug-ins are executables called wf-operator-NAME, on the PATH or in the project (docs/operators.md)",
    };

    private static readonly (string Prefix, string Instead)[] PrefixesWithoutEffect =
    [
        ("metrics.jmx.", "there is no JMX here; /metrics has the numbers in Prometheus's format"),
        ("metrics.fluency.", "/metrics has the numbers in Prometheus's format; a collector can pass them on"),
        ("executor.account_routing.", NoRouting),
        ("agent.account_routing.", NoRouting),
        ("scheduler.account_routing.", NoRouting),
        ("archive.db.", "archives in the database come from this server"),
        ("system-plugin.", "plug-ins are executables called wf-operator-NAME, on the PATH or in the project (docs/operators.md)"),
    ];

    // The families of keys that are a server's; in others an unknown key may be an operator's or a client's.
    private static readonly string[] Families =
    [
        "server.", "basicauth.", "api.", "executor.", "agent.", "schedule.", "archive.", "log-server.", "metrics.", "retention.", "queue.",
        "queue-server.", "plugin.", "system-plugin.",
    ];

    /// <summary>What to say about a configuration, a line each.</summary>
    /// <exception cref="ConfigException">A value is wrong although the key has no effect; Digdag refuses it too.</exception>
    public static IEnumerable<string> WarningsOf(SettingReader read)
    {
        CheckRouting(read);
        CheckMetrics(read);
        if (read.Text("basicauth.username") is not null || read.Text("basicauth.password") is not null)
        {
            yield return "Setting basicauth.username or basicauth.password works but is deprecated. It is going to be removed in a near future "
                + "version. Use server.authenticator.basic.username and server.authenticator.basic.password instead.";
        }

        if (read.Text("queue-server.type") is { } queue && queue != "database")
        {
            yield return $"queue-server.type={queue} has no effect: attempts are kept in the database";
        }

        if (read.Boolean("server.http.enable-http2", false) && read.Text("server.http.http2-port") is null)
        {
            yield return "server.http.enable-http2 alone has no effect: without TLS, HTTP/2 and HTTP/1 cannot share a port here. "
                + "Set server.http.http2-port to open one that speaks HTTP/2, or let a proxy speak it";
        }

        foreach (var key in read.Keys.Order(StringComparer.Ordinal))
        {
            if (WarningOf(key) is { } warning)
            {
                yield return warning;
            }
        }
    }

    private static string? WarningOf(string key)
    {
        if (Working.Contains(key) || Array.Exists(WorkingPrefixes, p => key.StartsWith(p, StringComparison.Ordinal)))
        {
            return null;
        }

        if (WithoutEffect.TryGetValue(key, out var instead)
            || (instead = Array.Find(PrefixesWithoutEffect, p => key.StartsWith(p.Prefix, StringComparison.Ordinal)).Instead) is not null)
        {
            return $"{key} has no effect: {instead}";
        }

        if (!Array.Exists(Families, f => key.StartsWith(f, StringComparison.Ordinal)))
        {
            return null;
        }

        return $"{key} is not known and has no effect"
            + (EditDistance.Nearest(key, Working) is { } near ? $"; did you mean {near}?" : "; docs/server.md lists the keys");
    }

    private static void CheckRouting(SettingReader read)
    {
        foreach (var role in (string[])["executor", "agent", "scheduler"])
        {
            var prefix = role + ".account_routing.";
            if (read.Boolean(prefix + "enabled", false) && (read.Text(prefix + "include") is null) == (read.Text(prefix + "exclude") is null))
            {
                throw new ConfigException("account_routing: include or exclude must be defined exclusively.");
            }
        }
    }

    private static void CheckMetrics(SettingReader read)
    {
        foreach (var system in read.Text("metrics.enable")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (system is not ("jmx" or "fluency"))
            {
                throw new ConfigException($"Unsupported digdag-metrics monitor system:{system}");
            }
        }
    }
}
