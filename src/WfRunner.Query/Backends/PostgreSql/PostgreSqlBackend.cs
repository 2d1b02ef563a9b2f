using Npgsql;
using WfRunner.Query.Backends.Sessions;
using WfRunner.Query.Dialect;

namespace WfRunner.Query.Backends.PostgreSql;

/// <summary>
/// Runs queries on a PostgreSQL server. A database of Treasure Data is a schema there, made when it is first needed.
/// </summary>
public sealed class PostgreSqlBackend : SessionBackend
{
    /// <inheritdoc/>
    public override string Name => "postgresql";

    /// <inheritdoc/>
    public override string? Notice => "Running on PostgreSQL";

    internal override async Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken)
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

    /// <summary>A text with dollar quotes is PostgreSQL's own SQL.</summary>
    internal override IReadOnlyList<SqlText> Translate(QueryRequest request) =>
        SqlStatements.HasDollarQuotes(request.Query) ? SqlStatements.Split(request.Query) : base.Translate(request);

    private protected override PrestoDialect DialectFor(DialectSettings settings) => new PrestoToPostgreSql(settings);

    private static string PlaceOf(NpgsqlDataSource source)
    {
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        return $"{settings.Host}:{settings.Port}";
    }
}
