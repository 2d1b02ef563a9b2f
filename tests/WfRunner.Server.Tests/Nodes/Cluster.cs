using NodaTime;
using WfRunner.Tests.Shared;

namespace WfRunner.Server.Tests.Nodes;

/// <summary>Several servers on one PostgreSQL database, each a node as in real life but for the process they share.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly PostgresServer _postgres;
    private readonly List<RunningServer> _nodes = [];
    private readonly string _logs = Directory.CreateTempSubdirectory("wf-cluster-log-").FullName;

    private Cluster(PostgresServer postgres, string database) => (_postgres, Database) = (postgres, database);

    public string Database { get; }

    public ProbeOperator Probe { get; } = new();

    public static async Task<Cluster> CreateAsync(PostgresServer postgres) => new(postgres, await postgres.CreateDatabaseAsync());

    /// <summary>Starts a node.</summary>
    /// <param name="leaseSeconds">How long its leases live; renewed every third of it.</param>
    /// <param name="clock">Its clock; null for the real one.</param>
    /// <param name="config">Further settings.</param>
    public async Task<RunningServer> StartAsync(int leaseSeconds = 60, IClock? clock = null, params (string Key, string Value)[] config)
    {
        var node = await RunningServer.StartAsync(
            Probe,
            clock,
            config:
            [
                ("database.type", "postgresql"),
                ("database.host", "127.0.0.1"),
                ("database.port", _postgres.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("database.user", PostgresServer.User),
                ("database.password", PostgresServer.Password),
                ("database.database", Database),
                ("agent.heartbeat-interval", Math.Max(1, leaseSeconds / 3).ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("agent.lock-retention-time", leaseSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                ("log-server.local.path", _logs),
                .. config,
            ]);
        _nodes.Add(node);
        return node;
    }

    public Task ExecuteAsync(string sql) => _postgres.ExecuteAsync(Database, sql);

    public Task<string> QueryAsync(string sql) => _postgres.QueryAsync(Database, sql);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(_logs, recursive: true);
    }
}
