using NodaTime;
using WfRunner.Core;
using WfRunner.Storage.Attempts;
using WfRunner.Storage.Maintenance;
using WfRunner.Storage.Overview;
using WfRunner.Storage.Pools;
using WfRunner.Storage.Projects;
using WfRunner.Storage.Schedules;
using WfRunner.Storage.Secrets;
using WfRunner.Storage.Signals;
using WfRunner.Storage.Sql;
using WfRunner.Storage.Triggers;

namespace WfRunner.Storage.Sqlite;

/// <summary>
/// The embedded store: one SQLite file, or memory. It belongs to one process at a time; a lock file says so to all others, and the
/// operating system drops it with the process, however that ends.
/// </summary>
public sealed class SqliteStore : IStore
{
    private const string FileName = "wf.db";
    private const string LockName = "wf.lock";
    private const string DigdagFileName = "digdag.mv.db";

    private readonly SqliteDatabase _database;
    private readonly FileStream? _lock;

    private SqliteStore(SqliteDatabase database, FileStream? fileLock, long lastTaskId)
    {
        _database = database;
        _lock = fileLock;
        Projects = new SqliteProjectStore(database);
        Attempts = new SqliteAttemptStore(database, lastTaskId);
        Schedules = new SqliteScheduleStore(database);
        Secrets = new SqliteSecretStore(database);
        Overview = new SqliteOverviewStore(database);
        Maintenance = new SqliteMaintenanceStore(database);
        Pools = new PoolStore(database);
        Triggers = new TriggerStore(database);
    }

    /// <inheritdoc/>
    public IProjectStore Projects { get; }

    /// <inheritdoc/>
    public IAttemptStore Attempts { get; }

    /// <inheritdoc/>
    public IScheduleStore Schedules { get; }

    /// <inheritdoc/>
    public ISecretStore Secrets { get; }

    /// <inheritdoc/>
    public IOverviewStore Overview { get; }

    /// <inheritdoc/>
    public IMaintenanceStore Maintenance { get; }

    /// <inheritdoc/>
    public IPoolStore Pools { get; }

    /// <inheritdoc/>
    public ITriggerStore Triggers { get; }

    /// <inheritdoc/>
    public IStoreSignals Signals => NoSignals.Instance;

    /// <summary>Opens or creates the database in a folder, and takes it for this process.</summary>
    /// <param name="directory">The folder; created when missing.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The store.</returns>
    /// <exception cref="WorkflowException">Another process has it, it is newer than this program, or it is a database of Digdag.</exception>
    public static async Task<SqliteStore> OpenAsync(string directory, IClock clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (File.Exists(Path.Combine(directory, DigdagFileName)))
        {
            throw new WorkflowException(
                FailureKind.Database,
                $"{directory} holds the H2 database of a Digdag server ({DigdagFileName}), which wf cannot read. "
                + "Choose another directory and push the projects again.");
        }

        Directory.CreateDirectory(directory);
        var fileLock = TakeLock(directory);
        try
        {
            return await OpenAsync(SqliteDatabase.OpenFile(Path.Combine(directory, FileName)), fileLock, clock, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await fileLock.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Which schema versions the database in a folder lacks. Nothing is created or changed.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The versions, ascending; null when there is no database yet.</returns>
    public static async Task<IReadOnlyList<int>?> PendingMigrationsAsync(string directory, CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var database = SqliteDatabase.OpenFile(path);
        await using (database.ConfigureAwait(false))
        {
            return await database.ReadAsync(Migrations.Pending, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a database in memory; it is gone when it is closed.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The store.</returns>
    public static Task<SqliteStore> OpenMemoryAsync(IClock clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return OpenAsync(SqliteDatabase.OpenMemory(), null, clock, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync().ConfigureAwait(false);
        if (_lock is not null)
        {
            await _lock.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<SqliteStore> OpenAsync(
        SqliteDatabase database, FileStream? fileLock, IClock clock, CancellationToken cancellationToken)
    {
        try
        {
            var lastTaskId = await database.WriteAsync(
                session =>
                {
                    Migrations.Apply(session, clock.GetCurrentInstant());
                    Leases.FreeAll(session);
                    return session.Number("SELECT max(id) FROM tasks") ?? 0;
                },
                cancellationToken).ConfigureAwait(false);
            return new SqliteStore(database, fileLock, lastTaskId);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static FileStream TakeLock(string directory)
    {
        var path = Path.Combine(directory, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new WorkflowException(
                FailureKind.Database, $"The database in {directory} is in use by another server. Stop it, or choose another directory.", null, e);
        }
    }
}
