using Npgsql;
using WfRunner.Query.Backends.Sessions;

namespace WfRunner.Query.Backends.PostgreSql;

/// <summary>
/// Runs queries on a PostgreSQL server, in PostgreSQL's own SQL. A database of Treasure Data is a schema there, made when it is first
/// needed.
/// </summary>
public sealed class PostgreSqlBackend : SessionBackend
{
    /// <inheritdoc/>
    public override string Name => "postgresql";

    /// <inheritdoc/>
    public override string? Notice => "Running on PostgreSQL";

    private protected override async Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken)
    {
        var source = PostgreSqlSettings.Source(scope.Settings);
        var connection = source.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var session = new PostgreSqlSession(connection);
            await session.UseAsync(scope.Database, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new SqlSessionException($"PostgreSQL at {PlaceOf(source)} cannot be used: {e.Message}", null, e);
        }
    }

    private static string PlaceOf(NpgsqlDataSource source)
    {
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        return $"{settings.Host}:{settings.Port}";
    }
}
