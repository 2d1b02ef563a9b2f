using Npgsql;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>
/// The connections to a PostgreSQL database. What failed before anything could have been stored is tried again: at once on a fresh
/// connection when an old one turned out broken, a few times when two transactions were in each other's way.
/// </summary>
internal sealed class PostgreSqlDatabase : ISqlDatabase, IAsyncDisposable
{
    private const int MaximumTries = 5;

    // While the database is away, not every caller waits the whole time-out to learn it.
    private static readonly TimeSpan FailFast = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source;
    private StoreUnavailableException? _away;
    private long _awaySince;

    public PostgreSqlDatabase(PostgreSqlSettings settings)
    {
        Settings = settings;
        _source = Source(settings.ToConnectionString());
    }

    public PostgreSqlSettings Settings { get; }

    /// <summary>A source of connections; it has what works without reflection, and arrays.</summary>
    public static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlSlimDataSourceBuilder(settings.ConnectionString).EnableTransportSecurity().EnableArrays().Build();

    /// <summary>Does something that changes the database, in a transaction.</summary>
    /// <exception cref="StoreUnavailableException">The database is away; whether the commit happened may be unknown.</exception>
    public Task<T> WriteAsync<T>(Func<PostgreSqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        StoreMeter.MeasureAsync("write", WriteWithRetriesAsync(run, cancellationToken));

    private async Task<T> WriteWithRetriesAsync<T>(Func<PostgreSqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        var committing = false;
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryWriteAsync(run, () => committing = true, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (PostgreSqlFailure.Is(e))
            {
                if (committing || !IsWorthARetry(e, tries))
                {
                    throw Away(e);
                }
            }
        }
    }

    /// <summary>Runs a single statement, or several that only read. It may run twice when a connection breaks.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    public Task<T> ReadAsync<T>(Func<PostgreSqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        StoreMeter.MeasureAsync("read", ReadWithRetriesAsync(run, cancellationToken));

    private async Task<T> ReadWithRetriesAsync<T>(Func<PostgreSqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    return await run(new PostgreSqlSession(connection), cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (PostgreSqlFailure.Is(e))
            {
                if (!IsWorthARetry(e, tries))
                {
                    throw Away(e);
                }
            }
        }
    }

    Task<T> ISqlDatabase.WriteAsync<T>(Func<ISqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        WriteAsync<T>(run, cancellationToken);

    Task<T> ISqlDatabase.ReadAsync<T>(Func<ISqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        ReadAsync<T>(run, cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static bool IsWorthARetry(Exception failure, int tries) =>
        PostgreSqlFailure.IsConflict(failure)
            ? tries < MaximumTries
            : tries == 1 && PostgreSqlFailure.IsUnavailable(failure) && failure is not (TimeoutException or { InnerException: TimeoutException });

    private async Task<T> TryWriteAsync<T>(
        Func<PostgreSqlSession, CancellationToken, Task<T>> run, Action committing, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var result = await run(new PostgreSqlSession(connection), cancellationToken).ConfigureAwait(false);
                committing();

                // Whoever gives up now would not know what happened.
                await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                return result;
            }
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_away is { } away && TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _awaySince)) < FailFast)
        {
            throw new StoreUnavailableException(away.Message, away.InnerException);
        }

        try
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            _away = null;
            return connection;
        }
        catch (Exception e) when (PostgreSqlFailure.IsUnavailable(e))
        {
            Interlocked.Exchange(ref _awaySince, Environment.TickCount64);
            _away = (StoreUnavailableException)PostgreSqlFailure.Explain(Settings, e);
            throw;
        }
    }

    private Core.WorkflowException Away(Exception failure) => PostgreSqlFailure.Explain(Settings, failure);
}
