using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Dig;
using WfRunner.Core.Engine;
using WfRunner.Core.Operators;
using WfRunner.Core.Templates;
using WfRunner.Operators.Notifications;
using WfRunner.Operators.ParameterServer;
using WfRunner.Runtime.Logging;
using WfRunner.Runtime.TaskLogs;
using WfRunner.Runtime.Tasks;
using WfRunner.Server.Attempts;
using WfRunner.Server.Events;
using WfRunner.Server.Http;
using WfRunner.Server.LocalProjects;
using WfRunner.Server.Maintenance;
using WfRunner.Server.Metrics;
using WfRunner.Server.Notifications;
using WfRunner.Server.Projects;
using WfRunner.Server.Schedules;
using WfRunner.Server.Secrets;
using WfRunner.Server.Settings;
using WfRunner.Server.Tasks;
using WfRunner.Server.Triggers;
using WfRunner.Storage;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.PostgreSql;
using WfRunner.Storage.Secrets;
using WfRunner.Storage.Sqlite;

namespace WfRunner.Server;

/// <summary>
/// A running server. Its life: open the store, open the listeners, go on with unfinished attempts, run schedules; at the stop the
/// reverse, and running tasks end before the listeners close. Digdag behaviour: server 4 and 5; better than there, nothing runs
/// before the listeners are open, so a server that cannot listen runs no task.
/// </summary>
public sealed class WorkflowServer : IAsyncDisposable
{
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(30);

    private readonly IStore _store;
    private readonly ServerFolder _folder;
    private readonly OpenedObjectStores _objects;
    private readonly RemoteTaskLogs? _remoteLogs;
    private readonly CancellationTokenSource _cleaning = new();
    private Task _cleanUp = Task.CompletedTask;
    private readonly WorkerLimit _workers;
    private readonly SecretCrypto? _crypto;
    private readonly EventHub _events;
    private readonly EventRelay _relay;
    private readonly ServerMeter _meter;
    private readonly ServerNotifications _notifications;
    private readonly TimeoutEnforcer _timeouts;
    private readonly TriggerLoop _triggers;
    private readonly RetentionLoop? _retention;
    private readonly ServerParts _parts;
    private readonly ApiServer _api;
    private readonly LogOutput _log;
    private readonly LocalDatabases _localDatabases;
    private readonly LocalProjectReloader? _reloader;
    private bool _stopped;
    private bool _disposed;

    private WorkflowServer(ServerSettings settings, ServerSurroundings around, IStore store, OpenedObjectStores objects, SecretCrypto? crypto)
    {
        _events = new EventHub();
        _meter = new ServerMeter(() => _events.Followers, () => _events.Published);
        store = new PublishingStore(store, _events, _meter);
        _store = store;
        _crypto = crypto;
        _log = around.Log;
        var node = new NodeIdentity(settings.Node);
        _relay = new EventRelay(_events, store.Signals, node.Name, around.Clock, around.Timers);
        var vault = new SecretVault(store.Secrets, crypto);
        _folder = ServerFolder.Create(settings.TemporaryDirectory);
        _objects = objects;
        if (objects.TaskLogs is { } logStore)
        {
            var place = settings.TaskLogStore!;
            _remoteLogs = new RemoteTaskLogs(
                logStore, place.Prefix, place.DirectLife, _folder.TaskLogs, node.AgentId, around.Clock, around.Timers, around.Log);
        }

        var archives = new ProjectArchives(store.Projects, settings.Archives, objects.Archives, around.Log);
        var logs = _remoteLogs ?? (ITaskLogs)new TaskLogStore(settings.TaskLogDirectory, node.AgentId, around.Clock, around.Timers);
        var workspaces = new Workspaces(new RevisionCache(store.Projects, archives, _folder.Revisions), _folder.Workspaces);
        _localDatabases = new LocalDatabases(settings);
        var required = new RequiredWorkflows(store, around.Timers);
        var local = settings.LocalProject is { } directory ? new LocalProject(directory) : null;
        var environment = new ServerTaskEnvironment(
            workspaces,
            logs,
            vault,
            _events,
            _meter,
            around.Log,
            around.Clock,
            around.TimeZone,
            _localDatabases.AddTo(settings.SystemConfig),
            required,
            around.Timers,
            local,
            around.LocalSecrets);
        _workers = new WorkerLimit(settings.MaximumTaskThreads);
        var tasks = new TaskRunner(around.Operators, new TemplateEvaluator(), environment, around.Clock, _workers);
        var limits = new AttemptLimits(settings.MaximumAttempts, settings.MaximumQueued, settings.QueuesAttempts, new TaskLimits(environment.MaximumTasks, settings.MaximumTaskNameBytes));
        var host = new AttemptHost(
            store,
            new MeasuredTaskRunner(tasks, around.Operators, _meter),
            node,
            limits,
            settings.DefaultParams,
            around.Clock,
            around.Timers,
            around.Log);
        var starter = new AttemptStarter(store, host, node, limits, settings.DefaultParams, around.Clock, around.Log);
        required.Starter = starter;
        _notifications = new ServerNotifications(Notifier.Create(settings.SystemConfig), around.Clock, around.Timers, _meter, around.Log);
        if (settings.ScheduleDelayTold is { } told)
        {
            starter.ScheduledStart = (attempt, delay) => TellIfLate(attempt, delay, told);
        }

        _timeouts = new TimeoutEnforcer(store, host, settings.Timeouts, _notifications, _meter, around.Clock, around.Timers, around.Log);
        _retention = settings.Retention is { } kept
            ? new RetentionLoop(store, logs, kept, around.Clock, around.Timers, around.Log)
            : null;
        _triggers = new TriggerLoop(store, starter, settings.Node.Heartbeat, around.Clock, around.Timers, around.Log);
        host.Ended = _triggers.Wake;
        var loop = new ScheduleLoop(store, starter, around.Clock, around.Timers, around.Log);
        _parts = new ServerParts(
            settings,
            store,
            new ProjectPush(
                store.Projects, archives, DialectRules.Of(settings.Target), settings.MaximumArchiveSize, settings.TemporaryDirectory, around.Clock),
            new ProjectCheckup(settings, around.Operators, around.Clock),
            starter,
            host,
            new ScheduleService(store, starter, loop, around.Clock),
            loop,
            vault,
            archives,
            logs,
            _events,
            _meter,
            around.Clock,
            around.Timers,
            node);
        _reloader = local is null
            ? null
            : new LocalProjectReloader(local, store.Projects, _parts.Push, loop, around.Clock, around.Timers, around.Log);
        _api = new ApiServer(_parts, around.TimeZone, around.Log);
    }

    /// <summary>The API's address, with the port that was bound.</summary>
    public ListenAddress Address => _api.Addresses[0];

    /// <summary>The address of the listener that also serves the admin API; null when there is none.</summary>
    public ListenAddress? AdminAddress => _api.Addresses.Count > 1 ? _api.Addresses[^1] : null;

    /// <summary>The address of the listener that speaks HTTP/2; null when there is none.</summary>
    public ListenAddress? Http2Address => _api.Http2Address;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="around">What the process gives to it.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <returns>The server; everything works.</returns>
    /// <exception cref="Core.WorkflowException">The settings are refused, or the database cannot be opened.</exception>
    /// <exception cref="IOException">An address cannot be bound.</exception>
    public static async Task<WorkflowServer> StartAsync(ServerSettings settings, ServerSurroundings around, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(around);
        settings.ThrowIfOpenToStrangers();
        CheckSurroundings(settings);
        var crypto = settings.SecretKey is { } key ? SecretCrypto.Create(key) : null;
        var objects = OpenedObjectStores.Open(settings, around);
        IStore store;
        try
        {
            store = await OpenAsync(settings.Database, around.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            objects.Dispose();
            throw;
        }

        var server = new WorkflowServer(settings, around, store, objects, crypto);
        try
        {
            await server.OpenAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Says that the clock was set; only tests with a clock of their own need it.</summary>
    public void ClockChanged()
    {
        _parts.ScheduleLoop.Wake();
        _parts.Host.Wake();
        _timeouts.Wake();
        _triggers.Wake();
        _retention?.Wake();
    }

    /// <summary>Stops: schedules first, then running tasks end, then the listeners close.</summary>
    /// <param name="hurry">Signalled to end running tasks where they stand; they run again at the next start.</param>
    /// <returns>A task that ends when everything is saved and closed.</returns>
    public async Task StopAsync(CancellationToken hurry)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _log.WriteMain(TaskLogLevel.Info, "Started shutdown process");
        _log.WriteMain(TaskLogLevel.Info, "Shutting down workflow executor loop");

        // From here on no task starts any more, whatever else takes its time.
        var tasksEnd = _parts.Host.StopAsync(hurry);
        await _parts.ScheduleLoop.StopAsync().ConfigureAwait(false);
        await _triggers.StopAsync().ConfigureAwait(false);
        await tasksEnd.ConfigureAwait(false);
        await FlushLogsAsync(hurry).ConfigureAwait(false);
        _log.WriteMain(TaskLogLevel.Info, "Closing HTTP listening sockets");
        _events.Complete();
        await _api.StopAsync(hurry).ConfigureAwait(false);
        _log.WriteMain(TaskLogLevel.Info, "Shutting down system");
        await DisposeAsync().ConfigureAwait(false);
        _log.WriteMain(TaskLogLevel.Info, "Shutdown completed");
    }

    /// <summary>Ends everything where it stands, as a crash would; what was saved stays.</summary>
    /// <returns>A task that ends when all is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _stopped = true;
        if (_reloader is not null)
        {
            await _reloader.DisposeAsync().ConfigureAwait(false);
        }

        await _parts.ScheduleLoop.DisposeAsync().ConfigureAwait(false);
        await _triggers.DisposeAsync().ConfigureAwait(false);
        await _timeouts.DisposeAsync().ConfigureAwait(false);
        if (_retention is not null)
        {
            await _retention.DisposeAsync().ConfigureAwait(false);
        }

        await _parts.Host.DisposeAsync().ConfigureAwait(false);
        await _notifications.DisposeAsync().ConfigureAwait(false);
        _events.Complete();
        await _api.DisposeAsync().ConfigureAwait(false);
        await _relay.DisposeAsync().ConfigureAwait(false);
        _meter.Dispose();
        _workers.Dispose();
        await _store.DisposeAsync().ConfigureAwait(false);
        await EndCleanUpAsync().ConfigureAwait(false);
        if (_remoteLogs is not null)
        {
            _folder.IsKept = !await _remoteLogs.FlushAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            await _remoteLogs.DisposeAsync().ConfigureAwait(false);
        }

        _objects.Dispose();
        _folder.Dispose();
        _localDatabases.Dispose();
        if (_parts.Settings.TaskLogsAreTemporary)
        {
            TemporaryFolder.Delete(_parts.Settings.TaskLogDirectory);
        }

        _crypto?.Dispose();
    }

    // What cannot be stored now is stored by the next server that starts here.
    private async Task FlushLogsAsync(CancellationToken hurry)
    {
        if (_remoteLogs is null)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        limit.CancelAfter(LongestFlush);
        if (!await _remoteLogs.FlushAsync(limit.Token).ConfigureAwait(false))
        {
            _log.WriteMain(TaskLogLevel.Warn, $"Task logs that could not be stored stay in {_folder.TaskLogs} until a server is started with this tmpdir");
        }
    }

    // Folders of servers that were killed: their logs are stored, the rest goes.
    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        foreach (var left in ServerFolder.TakeAbandoned(_parts.Settings.TemporaryDirectory))
        {
            left.IsKept = left.HasTaskLogs;
            try
            {
                if (left.IsKept && _remoteLogs is not null)
                {
                    await _remoteLogs.AdoptAsync(left.TaskLogs).WaitAsync(cancellationToken).ConfigureAwait(false);
                    left.IsKept = false;
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or UnauthorizedAccessException)
            {
                // They are still there for the next one.
            }

            left.Dispose();
        }
    }

    private async Task EndCleanUpAsync()
    {
        await _cleaning.CancelAsync().ConfigureAwait(false);
        await _cleanUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cleaning.Dispose();
    }

    private void TellIfLate(StoredAttempt attempt, Duration delay, Duration told)
    {
        if (delay > told)
        {
            var seconds = ((long)delay.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            _notifications.Send($"Scheduled session started {seconds} seconds late", attempt);
        }
    }

    // What tasks would find wrong at night is said at the start.
    private static void CheckSurroundings(ServerSettings settings)
    {
        _ = Notifier.Create(settings.SystemConfig);
        ParameterServers.Check(settings.SystemConfig);
    }

    private static async Task<IStore> OpenAsync(DatabaseChoice database, IClock clock, CancellationToken cancellationToken) => database switch
    {
        DatabaseChoice.Embedded embedded => await SqliteStore.OpenAsync(embedded.Directory, clock, cancellationToken).ConfigureAwait(false),
        DatabaseChoice.PostgreSql shared => await PostgreSqlStore.OpenAsync(shared.Connection, shared.Migrates, clock, cancellationToken)
            .ConfigureAwait(false),
        DatabaseChoice.Memory => await SqliteStore.OpenMemoryAsync(clock, cancellationToken).ConfigureAwait(false),
        _ => throw new InvalidOperationException($"unknown database {database}"),
    };

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var settings = _parts.Settings;
        foreach (var warning in settings.Warnings)
        {
            _log.WriteMain(TaskLogLevel.Warn, warning);
        }

        _log.WriteMain(TaskLogLevel.Info, $"secret encryption engine: {(_crypto is null ? "disabled" : SecretCrypto.EngineName)}");
        var all = settings.AdminListen is { } admin ? $"{settings.Listen}, {admin}" : settings.Listen.ToString();
        _log.WriteMain(TaskLogLevel.Info, $"Starting server on {all}");
        await _api.StartAsync(cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _api.Addresses.Count; i++)
        {
            _log.WriteMain(TaskLogLevel.Info, $"Bound on {_api.Addresses[i]} ({(i == 0 ? "api" : "admin")})");
        }

        if (_api.Http2Address is { } http2)
        {
            _log.WriteMain(TaskLogLevel.Info, $"Bound on {http2} (api, HTTP/2)");
        }

        if (_reloader is not null)
        {
            await _reloader.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        _cleanUp = Task.Run(() => CleanUpAsync(_cleaning.Token), cancellationToken);
        _relay.Start();
        _store.Signals.Listen(new SignalDispatch(_parts.Host, _parts.ScheduleLoop, _relay, _log).Receive);
        if (settings.RunsAttempts)
        {
            _parts.Host.Start();
            _timeouts.Start();
            _triggers.Start();
        }

        if (settings.RunsSchedules)
        {
            _parts.ScheduleLoop.Start();
        }

        _retention?.Start();
        if (settings.RuntimeInfoPath is { } path)
        {
            WriteRuntimeInfo(path);
        }
    }

    // Written aside and renamed, so that a reader never sees half of it.
    private void WriteRuntimeInfo(string path)
    {
        var info = ConfigMap.Of(
            ("local_addresses", new ConfigList(_api.Addresses.Take(1).Select(Show))),
            ("local_admin_addresses", new ConfigList(_api.Addresses.Skip(1).Select(Show))));
        try
        {
            var temporary = path + ".tmp";
            File.WriteAllText(temporary, ConfigJson.Write(info));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.WriteMain(TaskLogLevel.Warn, "Failed to write server runtime info: " + e.Message);
        }

        static ConfigMap Show(ListenAddress address) => ConfigMap.Of(("host", address.Host), ("port", (long)address.Port));
    }
}
