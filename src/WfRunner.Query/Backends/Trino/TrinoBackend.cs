using WfRunner.Query.Backends.Sessions;
using WfRunner.Query.Dialect;

namespace WfRunner.Query.Backends.Trino;

/// <summary>
/// Runs queries on a Trino server through its REST protocol. A database of Treasure Data is a schema of the catalog.
/// </summary>
public sealed class TrinoBackend : SessionBackend, IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Makes the backend; it serves all tasks.</summary>
    /// <param name="time">Measures the pauses between tries.</param>
    public TrinoBackend(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = System.Net.DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <inheritdoc/>
    public override string Name => "trino";

    /// <inheritdoc/>
    public override string? Notice => "Running on Trino";

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    internal override Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken) =>
        scope is QueryRequest { Engine: QueryEngine.Hive }
            ? throw new SqlSessionException("engine: hive cannot run on the backend trino")
            : Task.FromResult<ISqlSession>(new TrinoSession(new TrinoProtocol(_http, TrinoSettings.Read(scope.Settings), _time), scope.Database));

    private protected override PrestoDialect DialectFor(DialectSettings settings) => new PrestoToTrino(settings);
}
