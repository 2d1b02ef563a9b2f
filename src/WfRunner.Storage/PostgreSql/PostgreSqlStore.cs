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

namespace WfRunner.Storage.PostgreSql;

/// <summary>A store that any number of nodes share.</summary>
public sealed class PostgreSqlStore : IStore
{
    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlAttemptStore _attempts;
    private readonly SignalListener _signals;

    private PostgreSqlStore(PostgreSqlDatabase database)
    {
        _database = database;
        _attempts = new PostgreSqlAttemptStore(database);
        _signals = new SignalListener(database);
        Projects = new PostgreSqlProjectStore(database);
        Schedules = new PostgreSqlScheduleStore(database);
        Secrets = new PostgreSqlSecretStore(database);
        Overview = new PostgreSqlOverviewStore(database);
        Maintenance = new PostgreSqlMaintenanceStore(database);
        Pools = new PoolStore(database);
        Triggers = new TriggerStore(database);
    }

    /// <inheritdoc/>
    public IProjectStore Projects { get; }

    /// <inheritdoc/>
    public IAttemptStore Attempts => _attempts;

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
    public IStoreSignals Signals => _signals;

    /// <summary>Opens a database and brings its tables up to date.</summary>
    /// <param name="settings">How it is reached.</param>
    /// <param name="migrates">Whether missing tables are made; otherwise a database that lacks some is refused.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The store.</returns>
    /// <exception cref="WorkflowException">
    /// It cannot be reached, it is newer than this program, it lacks tables that are not to be made, or it is a database of Digdag.
    /// </exception>
    public static async Task<PostgreSqlStore> OpenAsync(
        PostgreSqlSettings settings, bool migrates, IClock clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        var database = new PostgreSqlDatabase(settings);
        try
        {
            if (migrates)
            {
                await MigrateAsync(database, clock, cancellationToken).ConfigureAwait(false);
            }
            else if (await database.ReadAsync(Migrations.PendingAsync, cancellationToken).ConfigureAwait(false) is not [])
            {
                throw new WorkflowException(
                    FailureKind.Database,
                    $"{settings.Place} lacks tables of this version, and database.migrate=false forbids to make them. Run `wf migrate run -c FILE` once.");
            }

            return new PostgreSqlStore(database);
        }
        catch
        {
            await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Which schema versions a database lacks. Nothing is created or changed.</summary>
    /// <param name="settings">How it is reached.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The versions, ascending; null when it has no tables yet.</returns>
    /// <exception cref="WorkflowException">It cannot be reached, is newer than this program, or is a database of Digdag.</exception>
    public static async Task<IReadOnlyList<int>?> PendingMigrationsAsync(PostgreSqlSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var database = new PostgreSqlDatabase(settings);
        await using (database.ConfigureAwait(false))
        {
            return await database.ReadAsync(Migrations.PendingAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _signals.DisposeAsync().ConfigureAwait(false);
        await _attempts.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task MigrateAsync(PostgreSqlDatabase database, IClock clock, CancellationToken cancellationToken)
    {
        if (database.Settings.Schema is { } schema)
        {
            var name = '"' + schema.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
            await database.ReadAsync(
                async (s, c) =>
                {
                    // Asked first, because the statement needs a right that the user may lack.
                    if (await s.NumberAsync("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1", c, schema).ConfigureAwait(false) is null)
                    {
                        await s.ScriptAsync("CREATE SCHEMA IF NOT EXISTS " + name, c).ConfigureAwait(false);
                    }

                    return true;
                },
                cancellationToken).ConfigureAwait(false);
        }

        while (await database.WriteAsync((s, c) => Migrations.ApplyNextAsync(s, clock.GetCurrentInstant(), c), cancellationToken).ConfigureAwait(false))
        {
            // One step a transaction.
        }
    }
}
