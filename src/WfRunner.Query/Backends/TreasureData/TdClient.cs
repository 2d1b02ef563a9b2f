using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Polly;
using Polly.Retry;
using WfRunner.Core;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.TreasureData;

/// <summary>
/// The calls of the Treasure Data REST API that workflows need. Each is tried up to four times while the failure may pass, and once
/// more with a fresh key when the key was refused. Digdag behaviour: operators-td 1.8 (layer 2) and 14.
/// </summary>
public sealed class TdClient
{
    private static readonly TimeSpan KeyPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2)];
    private static readonly InstantPattern SecondsPattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss'Z'");

    private readonly TdHttp _http;
    private readonly TdConnection _connection;
    private readonly TimeProvider _time;
    private readonly Action<string>? _debug;
    private readonly ResiliencePipeline _retries;

    internal TdClient(TdHttp http, TdConnection connection, TimeProvider time, Action<string>? debug)
    {
        _http = http;
        _connection = connection;
        _time = time;
        _debug = debug;
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<QueryServiceException>(e => !e.IsPermanent),
            MaxRetryAttempts = Pauses.Length,
            DelayGenerator = static retry => ValueTask.FromResult<TimeSpan?>(Pauses[retry.AttemptNumber]),
            OnRetry = retry =>
            {
                debug?.Invoke($"Treasure Data request failed, trying again: {retry.Outcome.Exception?.Message}");
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    /// <summary>Starts a Presto or Hive job.</summary>
    /// <param name="type"><c>presto</c> or <c>hive</c>.</param>
    /// <param name="database">Database of unqualified tables.</param>
    /// <param name="form">The job's fields.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The job, also when an earlier try with the same domain key started it.</returns>
    public Task<QueryJobId> IssueQueryAsync(
        string type, string database, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken) =>
        StartAsync(TdRequest.Post("v3", "job", "issue", type, database) with { Form = form }, "job_id", cancellationToken);

    /// <summary>Starts a bulk load with a configuration.</summary>
    /// <param name="database">Database of the table.</param>
    /// <param name="table">Table that is loaded into.</param>
    /// <param name="domainKey">Identity of the submission.</param>
    /// <param name="config">The configuration; may hold secrets.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The job.</returns>
    public Task<QueryJobId> IssueBulkLoadAsync(
        string database, string table, string domainKey, ConfigMap config, CancellationToken cancellationToken) =>
        StartAsync(
            TdRequest.Post("v3", "job", "issue", "bulkload", database) with
            {
                Query = [new("query", string.Empty), new("priority", "0"), new("table", table), new("domain_key", domainKey)],
                Json = ConfigJson.Write(ConfigMap.Of(("config", config))),
            },
            "job_id",
            cancellationToken);

    /// <summary>Runs a saved bulk load session.</summary>
    /// <param name="name">Name of the session.</param>
    /// <param name="time">The time it is run for.</param>
    /// <param name="domainKey">Identity of the submission.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The job.</returns>
    public Task<QueryJobId> RunBulkLoadSessionAsync(string name, Instant time, string domainKey, CancellationToken cancellationToken) => StartAsync(
        TdRequest.Post("v3", "bulk_loads", name, "jobs") with
        {
            Json = ConfigJson.Write(ConfigMap.Of(("scheduled_time", Unix(time)), ("domain_key", domainKey))),
        },
        "job_id",
        cancellationToken);

    /// <summary>Runs a saved query by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="time">The time it is run for.</param>
    /// <param name="domainKey">Identity of the submission.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The job.</returns>
    public Task<QueryJobId> RunSavedQueryAsync(string name, Instant time, string domainKey, CancellationToken cancellationToken) =>
        StartAsync(TdRequest.Post("v3", "schedule", "run", name, Unix(time)) with { Form = [new("domain_key", domainKey)] }, "jobs", cancellationToken);

    /// <summary>Runs a saved query by its number.</summary>
    /// <param name="id">The number.</param>
    /// <param name="time">The time it is run for.</param>
    /// <param name="domainKey">Identity of the submission.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The job.</returns>
    public Task<QueryJobId> RunSavedQueryAsync(long id, Instant time, string domainKey, CancellationToken cancellationToken) => StartAsync(
        TdRequest.Post("v4", "queries", id.ToString(CultureInfo.InvariantCulture), "jobs") with
        {
            Json = ConfigJson.Write(ConfigMap.Of(("scheduled_time", SecondsPattern.Format(time)), ("domain_key", domainKey))),
        },
        "id",
        cancellationToken);

    /// <summary>Exports the result of a job to a connection.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="connectionId">The connection.</param>
    /// <param name="settings">Settings as JSON; may hold secrets.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The export job.</returns>
    public Task<QueryJobId> ExportResultAsync(string jobId, string connectionId, string settings, CancellationToken cancellationToken) => StartAsync(
        TdRequest.Post("v3", "job", "result_export", jobId) with
        {
            Form = [new("result_connection_id", connectionId), new("result_connection_settings", settings)],
        },
        "job_id",
        cancellationToken);

    /// <summary>Exports a table to S3.</summary>
    /// <param name="database">The database.</param>
    /// <param name="table">The table.</param>
    /// <param name="form">The export's fields; they hold secrets.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The export job.</returns>
    public Task<QueryJobId> ExportTableAsync(
        string database, string table, IReadOnlyList<KeyValuePair<string, string>> form, CancellationToken cancellationToken) =>
        StartAsync(TdRequest.Post("v3", "export", "run", database, table) with { Form = form }, "job_id", cancellationToken);

    /// <summary>Deletes a range of time of a table.</summary>
    /// <param name="database">The database.</param>
    /// <param name="table">The table.</param>
    /// <param name="from">Start, inclusive, a whole hour.</param>
    /// <param name="to">End, exclusive, a whole hour.</param>
    /// <param name="domainKey">Identity of the submission.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The job.</returns>
    public Task<QueryJobId> DeletePartiallyAsync(
        string database, string table, Instant from, Instant to, string domainKey, CancellationToken cancellationToken) => StartAsync(
        TdRequest.Post("v3", "table", "partialdelete", database, table) with
        {
            Form = [new("from", Unix(from)), new("to", Unix(to)), new("domain_key", domainKey)],
        },
        "job_id",
        cancellationToken);

    /// <summary>The number of a connection.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The number as text.</returns>
    public async Task<string> FindConnectionAsync(string name, CancellationToken cancellationToken)
    {
        var request = TdRequest.Get("v3", "connections", "lookup") with { Query = [new("name", name)] };
        var answer = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return Text(answer, "id", request);
    }

    /// <summary>Ends a job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>A task that ends with the answer.</returns>
    public Task KillAsync(QueryJobId id, CancellationToken cancellationToken) =>
        TellAsync(TdRequest.Post("v3", "job", "kill", id.Value), cancellationToken);

    internal async Task<QueryJobStatus> StatusAsync(QueryJobId id, CancellationToken cancellationToken)
    {
        var request = TdRequest.Get("v3", "job", "status", id.Value);
        return await RetryAsync(
            async token =>
            {
                var status = Text(await AskOnceAsync(request, token).ConfigureAwait(false), "status", request);
                return status.ToUpperInvariant() switch
                {
                    "QUEUED" or "BOOTING" or "RUNNING" => QueryJobStatus.Running,
                    "SUCCESS" => QueryJobStatus.Succeeded,
                    "ERROR" => QueryJobStatus.Failed,
                    "KILLED" => QueryJobStatus.Cancelled,
                    _ => throw TdApiException.OfContent(request.Path, $"unknown status '{status}'"),
                };
            },
            cancellationToken).ConfigureAwait(false);
    }

    internal Task<ConfigMap> ShowAsync(QueryJobId id, CancellationToken cancellationToken) =>
        AskAsync(TdRequest.Get("v3", "job", "show", id.Value), cancellationToken);

    internal Task<HttpResponseMessage> OpenResultAsync(QueryJobId id, CancellationToken cancellationToken)
    {
        var request = TdRequest.Get("v3", "job", "result", id.Value) with { Query = [new("format", "msgpack.gz")] };
        return RetryAsync(token => SendOnceAsync(request, token), cancellationToken);
    }

    internal async Task<IReadOnlyList<string>> ListTablesAsync(string database, CancellationToken cancellationToken)
    {
        var request = TdRequest.Get("v3", "table", "list", database);
        var answer = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return [.. Guard(() => answer.GetList("tables").Select(t => ((ConfigMap)t).GetString("name")), request)];
    }

    internal async Task<IReadOnlyList<string>> ListDatabasesAsync(CancellationToken cancellationToken)
    {
        var request = TdRequest.Get("v3", "database", "list");
        var answer = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return [.. Guard(() => answer.GetList("databases").Select(t => ((ConfigMap)t).GetString("name")), request)];
    }

    /// <summary>A call whose answer does not matter.</summary>
    internal async Task TellAsync(TdRequest request, CancellationToken cancellationToken)
    {
        using var response = await RetryAsync(token => SendOnceAsync(request, token), cancellationToken).ConfigureAwait(false);
    }

    private async Task<QueryJobId> StartAsync(TdRequest request, string member, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await AskAsync(request, cancellationToken).ConfigureAwait(false);
            return new QueryJobId(member == "jobs"
                ? Guard(() => Text((ConfigMap)answer.GetList(member)[0], "job_id", request), request)
                : Text(answer, member, request));
        }
        catch (TdApiException e) when (e is { Status: 409, ConflictsWith: { } existing })
        {
            _debug?.Invoke($"Treasure Data had started job {existing} for this task already");
            return new QueryJobId(existing);
        }
    }

    private Task<ConfigMap> AskAsync(TdRequest request, CancellationToken cancellationToken) =>
        RetryAsync(token => AskOnceAsync(request, token), cancellationToken);

    private Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        _retries.ExecuteAsync(static async (c, token) => await c(token).ConfigureAwait(false), call, cancellationToken).AsTask();

    private async Task<ConfigMap> AskOnceAsync(TdRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return ConfigJson.Parse(body) as ConfigMap ?? throw TdApiException.OfContent(request.Path, "the answer is no JSON object");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw TdApiException.OfTransport("SOCKET_ERROR", request.Path, e);
        }
        catch (Exception e) when (e is JsonException or WorkflowException and not QueryServiceException)
        {
            throw TdApiException.OfTransport("INVALID_JSON_RESPONSE", request.Path, e);
        }
    }

    // A key may have been replaced while the task waited.
    private async Task<HttpResponseMessage> SendOnceAsync(TdRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(_connection, _connection.ApiKey(), request, cancellationToken).ConfigureAwait(false);
        }
        catch (TdApiException e) when (e.Status is 401 or 403)
        {
            _debug?.Invoke("apikey will be tried to update by retrying");
            await Task.Delay(KeyPause, _time, cancellationToken).ConfigureAwait(false);
            return await _http.SendAsync(_connection, _connection.ApiKey(), request, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Unix(Instant time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Text(ConfigMap answer, string member, TdRequest request) => Guard(() => answer.GetString(member), request);

    private static T Guard<T>(Func<T> read, TdRequest request)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is WorkflowException and not QueryServiceException or InvalidCastException or ArgumentOutOfRangeException)
        {
            throw TdApiException.OfContent(request.Path, e.Message);
        }
    }
}
