using System.Text.Json;
using NodaTime;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Server.Settings;

/// <summary>Everything that configures a server, read once at its start. Digdag behaviour: server 3; key names are Digdag's.</summary>
public sealed record ServerSettings
{
    private const int DefaultPort = 65432;

    /// <summary>The API's address.</summary>
    public ListenAddress Listen { get; init; } = new("127.0.0.1", DefaultPort);

    /// <summary>Address of the listener that also serves the admin API; null when there is none.</summary>
    public ListenAddress? AdminListen { get; init; }

    /// <summary>Where the state is kept.</summary>
    public required DatabaseChoice Database { get; init; }

    /// <summary>How the server behaves as one of several.</summary>
    public NodeSettings Node { get; init; } = new();

    /// <summary>What is configured and has no effect, a line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Who may use the API.</summary>
    public AuthenticationSettings Authentication { get; init; } = AuthenticationSettings.None;

    /// <summary>Limits of the HTTP side and what else it can do.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>When attempts are canceled because they take too long.</summary>
    public TimeoutSettings Timeouts { get; init; } = new();

    /// <summary>How long finished attempts are kept; null for ever.</summary>
    public Duration? Retention { get; init; }

    /// <summary>How late a scheduled session may be started before people are told; null for never.</summary>
    public Duration? ScheduleDelayTold { get; init; }

    /// <summary>Whether metrics may be read without credentials.</summary>
    public bool HasPublicMetrics { get; init; }

    /// <summary>Whether an address that other machines reach may be bound without authentication.</summary>
    public bool AllowsOpenBind { get; init; }

    /// <summary>Headers added to every answer of the API.</summary>
    public IReadOnlyDictionary<string, string> ResponseHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>File that tells scripts the bound addresses; null for none.</summary>
    public string? RuntimeInfoPath { get; init; }

    /// <summary>Where archives of projects are kept.</summary>
    public ArchiveSettings Archives { get; init; } = new();

    /// <summary>Folder of task logs, where these are files.</summary>
    public required string TaskLogDirectory { get; init; }

    /// <summary>The store of objects that task logs are kept in; null when they are files.</summary>
    public ObjectStoreSettings? TaskLogStore { get; init; }

    /// <summary>Whether task logs go with the server, as everything in memory does.</summary>
    public bool TaskLogsAreTemporary { get; init; }

    /// <summary>Folder of workspaces; each server makes one of its own in it.</summary>
    public string TemporaryDirectory { get; init; } = Path.GetTempPath();

    /// <summary>Key of the secrets, base64; null disables them.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Parameters below those of every attempt.</summary>
    public ConfigMap DefaultParams { get; init; } = ConfigMap.Empty;

    /// <summary>The most unfinished attempts of a tenant.</summary>
    public int MaximumAttempts { get; init; } = 100;

    /// <summary>The most attempts that wait for one pool.</summary>
    public int MaximumQueued { get; init; } = 1000;

    /// <summary>
    /// Whether schedules, backfills and tasks that require a workflow wait while a pool is full, as on the hosted service; otherwise they
    /// are refused, as by Digdag.
    /// </summary>
    public bool QueuesAttempts { get; init; }

    /// <summary>The longest full name of a task, in bytes of UTF-8; null for any.</summary>
    public int? MaximumTaskNameBytes { get; init; }

    /// <summary>Whose dialect is taken.</summary>
    public Target Target { get; init; } = Target.Wf;

    /// <summary>Largest page of attempt lists.</summary>
    public int MaximumAttemptPage { get; init; } = 100;

    /// <summary>Largest page of session lists.</summary>
    public int MaximumSessionPage { get; init; } = 100;

    /// <summary>Limit of an archive's upload, of each file in it and of their sum, in bytes.</summary>
    public long MaximumArchiveSize { get; init; } = 2 * 1024 * 1024;

    /// <summary>How many tasks may run at once; 0 for no limit.</summary>
    public int MaximumTaskThreads { get; init; }

    /// <summary>Whether schedules start sessions.</summary>
    public bool RunsSchedules { get; init; } = true;

    /// <summary>Whether attempts are run.</summary>
    public bool RunsAttempts { get; init; } = true;

    /// <summary>
    /// Absolute path of a project that is run where it lies and watched for changes; null for none. Digdag's key
    /// <c>scheduler.autoLoadLocalProject</c>, an empty text for the current directory.
    /// </summary>
    public string? LocalProject { get; init; }

    /// <summary>Clients older than this are told to upgrade; null for never.</summary>
    public string? UpgradeRecommendedBelow { get; init; }

    /// <summary>Clients older than this are refused; null for none.</summary>
    public string? IncompatibleBelow { get; init; }

    /// <summary>Where a reverse proxy shows the server, with a slash at both ends.</summary>
    public string BasePath { get; init; } = "/";

    /// <summary>The web UI.</summary>
    public UiSettings Ui { get; init; } = new();

    /// <summary>The configuration as it was given, for operators.</summary>
    public IReadOnlyDictionary<string, string> SystemConfig { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads settings.</summary>
    /// <param name="config">System configuration, options of the command line included.</param>
    /// <param name="currentDirectory">Where relative paths start.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ConfigException">A value is wrong.</exception>
    public static ServerSettings Of(IReadOnlyDictionary<string, string> config, string currentDirectory)
    {
        ArgumentNullException.ThrowIfNull(config);
        var target = HostedProfile.TargetOf(config);
        config = target == Target.Td ? HostedProfile.AddTo(config) : config;
        var read = new SettingReader(config);
        var listen = new ListenAddress(read.Text("server.bind") ?? "127.0.0.1", read.Port("server.port") ?? DefaultPort);
        var database = DatabaseSettings.Of(read, currentDirectory);
        return new ServerSettings
        {
            Listen = listen,
            AdminListen = read.Port("server.admin.port") is { } port
                ? new ListenAddress(read.Text("server.admin.bind") ?? listen.Host, port)
                : null,
            Database = database,
            Node = NodeSettings.Of(read),
            Warnings = [.. KnownKeys.WarningsOf(read), .. DatabaseSettings.WarningsOf(read)],
            Authentication = AuthenticationSettings.Of(read),
            Http = HttpSettings.Of(read, currentDirectory),
            Timeouts = TimeoutSettings.Of(read),
            Retention = read.Int32OrNull("retention.days") switch
            {
                null => null,
                var days and > 0 => Duration.FromDays(days.Value),
                var days => throw new ConfigException($"retention.days must be greater than 0, but is {days}; leave it out to keep everything"),
            },
            ScheduleDelayTold = read.Duration("notification.schedule_delay"),
            HasPublicMetrics = read.Boolean("metrics.public", false),
            AllowsOpenBind = read.Boolean("server.insecure-no-auth", false),
            ResponseHeaders = ResponseHeadersOf(read),
            RuntimeInfoPath = read.Text("server.runtime-info.path") is { } path ? Path.GetFullPath(path, currentDirectory) : null,
            Archives = ArchiveSettings.Of(read, database, currentDirectory),
            TaskLogStore = read.Text("log-server.type") is ObjectStoreSettings.S3Type or ObjectStoreSettings.GcsType
                ? ObjectStoreSettings.Of(read, "log-server", read.Text("log-server.type")!, currentDirectory)
                : null,
            TaskLogDirectory = TaskLogDirectoryOf(read, database, currentDirectory),
            TaskLogsAreTemporary = database is DatabaseChoice.Memory && read.Text("log-server.type") is null or "null",
            TemporaryDirectory = read.Text("tmpdir") is { } temporary ? Path.GetFullPath(temporary, currentDirectory) : Path.GetTempPath(),
            SecretKey = read.Text("digdag.secret-encryption-key"),
            DefaultParams = DefaultParamsOf(read),
            MaximumAttempts = read.Int32("executor.attempt_max_run", read.Int32("io.digdag.limits.maxAttempts", 100)),
            MaximumQueued = read.Int32("executor.attempt_max_queued", 1000),
            QueuesAttempts = read.Boolean("executor.attempt_queueing", false),
            MaximumTaskNameBytes = read.Int32OrNull("executor.task_max_name_bytes"),
            Target = target,
            MaximumAttemptPage = read.Int32("api.max_attempts_page_size", 100),
            MaximumSessionPage = read.Int32("api.max_sessions_page_size", 100),
            MaximumArchiveSize = read.Int64("api.max_archive_total_size_limit", 2 * 1024 * 1024),
            MaximumTaskThreads = read.Int32("agent.max-task-threads", 0),
            RunsSchedules = read.Boolean("schedule.enabled", true),
            RunsAttempts = read.Boolean("agent.enabled", true) && read.Boolean("server.executor.enabled", true),
            LocalProject = config.TryGetValue("scheduler.autoLoadLocalProject", out var project)
                ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(project, currentDirectory + Path.DirectorySeparatorChar))
                : null,
            UpgradeRecommendedBelow = read.Text("server.client-version-check.upgrade-recommended-if-older"),
            IncompatibleBelow = read.Text("server.client-version-check.api-incompatible-if-older"),
            BasePath = UiSettings.BasePathOf(read),
            Ui = UiSettings.Of(read),
            SystemConfig = config,
        };
    }

    /// <summary>Refuses settings that would open the server to strangers.</summary>
    /// <exception cref="ConfigException">Another machine could connect and nobody is asked for a password.</exception>
    public void ThrowIfOpenToStrangers()
    {
        foreach (var address in (ListenAddress?[])[Listen, AdminListen])
        {
            if (address is { IsLoopback: false } && !Authentication.IsRequired && !AllowsOpenBind)
            {
                throw new ConfigException(
                    $"Refusing to listen on {address} without authentication: everybody who reaches it could run commands here. "
                    + "Set server.authenticator.basic.username and server.authenticator.basic.password, or give --insecure-no-auth.");
            }
        }
    }

    // What is no header would fail every answer later on, and one with a line break would forge another header.
    private static IReadOnlyDictionary<string, string> ResponseHeadersOf(SettingReader read)
    {
        const string Prefix = "server.http.headers.";
        var headers = read.Below(Prefix);
        foreach (var (name, value) in headers)
        {
            if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
            {
                throw new ConfigException($"{Prefix}{name} is no name of a header");
            }

            if (value.Any(c => char.IsControl(c) && c != '\t'))
            {
                throw new ConfigException($"{Prefix}{name} must be one line");
            }
        }

        return headers;
    }

    // Digdag drops task logs unless told otherwise; here they are kept beside the database, so that the log command works at once.
    private static string TaskLogDirectoryOf(SettingReader read, DatabaseChoice database, string currentDirectory)
    {
        switch (read.Text("log-server.type"))
        {
            case "local":
                return Path.GetFullPath(read.Text("log-server.local.path") ?? "digdag.log", currentDirectory);
            case null or "null" or ObjectStoreSettings.S3Type or ObjectStoreSettings.GcsType:
                return database switch
                {
                    DatabaseChoice.Embedded embedded => Path.Combine(embedded.Directory, "task-log"),
                    DatabaseChoice.PostgreSql => Path.GetFullPath("digdag.log", currentDirectory),
                    _ => Path.Combine(read.Text("tmpdir") ?? Path.GetTempPath(), "wf-task-log-" + Guid.NewGuid().ToString("N")[..12]),
                };
            case var unknown:
                throw new ConfigException($"Unknown storage type: {unknown}");
        }
    }

    private static ConfigMap DefaultParamsOf(SettingReader read)
    {
        if (read.Text("digdag.defaultParams") is not { } json)
        {
            return ConfigMap.Empty;
        }

        try
        {
            return ConfigJson.Parse(json) as ConfigMap ?? throw new ConfigException("digdag.defaultParams must be a JSON object");
        }
        catch (JsonException e)
        {
            throw new ConfigException("digdag.defaultParams must be a JSON object", null, e);
        }
    }
}
