using System.Globalization;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>
/// Runs queries on Treasure Data through its REST API, as Digdag does: the requests are the same (operators-td 12 to 15). Jobs
/// live in the account, so a task submits, goes away and looks again; its domain key makes sure that there is one job.
/// </summary>
public sealed class TreasureDataBackend : IQueryBackend, IDisposable
{
    private readonly TdHttp _http = new();
    private readonly TdSurroundings _surroundings;
    private readonly TimeProvider _time;

    /// <summary>Makes the backend; it serves all tasks.</summary>
    /// <param name="surroundings">Environment and files that settings may come from; those of this process when null.</param>
    /// <param name="time">Measures the pauses between tries.</param>
    public TreasureDataBackend(TdSurroundings? surroundings = null, TimeProvider? time = null)
    {
        _surroundings = surroundings ?? TdSurroundings.OfProcess;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Name => "treasuredata";

    /// <inheritdoc/>
    public string? Notice => "Running on Treasure Data";

    /// <inheritdoc/>
    public bool OutlivesProcess => true;

    /// <inheritdoc/>
    public bool IsConfigured(BackendSettings settings) => new TdSettings(settings, _surroundings).IsConfigured;

    /// <summary>A client for the settings of a task.</summary>
    /// <param name="scope">The scope of the task.</param>
    /// <returns>The client.</returns>
    /// <exception cref="Core.ConfigException">There is no key, or a setting is wrong.</exception>
    public TdClient Connect(QueryScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return new TdClient(_http, new TdSettings(scope.Settings, _surroundings).Connection(), _time, scope.Debug);
    }

    /// <inheritdoc/>
    public async Task<IQueryJob> SubmitAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var client = Connect(request);
        if (request.Target is { } target && (request.Engine == QueryEngine.Hive || target.Mode == QueryTargetMode.Append))
        {
            await new TdCatalog(client, request.Database).CreateTableAsync(target.Table, cancellationToken).ConfigureAwait(false);
        }

        var connection = request.ResultConnection is { } name
            ? await client.FindConnectionAsync(name, cancellationToken).ConfigureAwait(false)
            : null;
        var type = request.Engine == QueryEngine.Hive ? "hive" : "presto";
        var id = await client.IssueQueryAsync(type, request.Database, Form(request, connection), cancellationToken).ConfigureAwait(false);
        return new TdJob(id, client, _time);
    }

    /// <inheritdoc/>
    public IQueryJob Attach(QueryJobId id, QueryScope scope) => new TdJob(id, Connect(scope), _time);

    /// <inheritdoc/>
    public Task<IQueryCatalog> OpenCatalogAsync(QueryScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return Task.FromResult<IQueryCatalog>(new TdCatalog(Connect(scope), scope.Database));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Explain(QueryRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return [request.Statement];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static List<KeyValuePair<string, string>> Form(QueryRequest request, string? connection)
    {
        var form = new List<KeyValuePair<string, string>>();
        Add("query", request.Statement);
        Add("priority", Number(request.Priority));
        Add("retry_limit", request.RetryLimit is { } limit ? Number(limit) : null);
        Add("pool_name", request.PoolName);
        Add("scheduled_time", request.ScheduledTime is { } time ? Number(time.ToUnixTimeSeconds()) : null);
        Add("domain_key", request.DomainKey ?? Guid.NewGuid().ToString());
        Add("result", request.ResultUrl);
        Add("result_connection_id", connection);
        Add("result_connection_settings", request.ResultSettings);
        Add("engine_version", request.EngineVersion);
        return form;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                form.Add(new(name, value));
            }
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
