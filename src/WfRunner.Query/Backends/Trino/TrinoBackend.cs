using WfRunner.Query.Backends.Sessions;
using WfRunner.Query.Dialect;

namespace WfRunner.Query.Backends.Trino;

/// <summary>
/// Runs queries on a Trino server through its REST protocol. A database of Treasure Data is a schema of the catalog.
/// </summary>
public sealed class TrinoBackend : SessionBackend, IDisposable
{
    private readonly TrinoClients _clients = new();
    private readonly TimeProvider _time;

    /// <summary>Makes the backend; it serves all tasks.</summary>
    /// <param name="time">Measures the pauses between tries.</param>
    public TrinoBackend(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public override string Name => "trino";

    /// <inheritdoc/>
    public override string? Notice => "Running on Trino";

    /// <inheritdoc/>
    public void Dispose() => _clients.Dispose();

    internal override Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken)
    {
        if (scope is QueryRequest { Engine: QueryEngine.Hive })
        {
            throw new SqlSessionException("engine: hive cannot run on the backend trino");
        }

        var settings = TrinoSettings.Read(scope.Settings);
        if (settings.Trust.IsInsecure && settings.Server.Scheme == Uri.UriSchemeHttps)
        {
            scope.Warn?.Invoke($"The certificate of {settings.Server.Authority} is not checked (ssl_insecure): who stands between can read and change everything");
        }

        var protocol = new TrinoProtocol(_clients.For(settings.Trust, scope.ProjectDirectory), settings, _time);
        return Task.FromResult<ISqlSession>(new TrinoSession(protocol, scope.Database));
    }

    private protected override PrestoDialect DialectFor(DialectSettings settings) => new PrestoToTrino(settings);
}
