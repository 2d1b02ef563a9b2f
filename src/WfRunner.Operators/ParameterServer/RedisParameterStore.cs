using StackExchange.Redis;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.ParameterServer;

/// <summary>Parameters in Redis, which Digdag can share.</summary>
internal sealed class RedisParameterStore : IParameterStore
{
    private readonly ConnectionMultiplexer _connection;

    private RedisParameterStore(ConnectionMultiplexer connection) => _connection = connection;

    public static async Task<RedisParameterStore> OpenAsync(ConfigMap settings, CancellationToken cancellationToken)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { { settings.GetStringOr("host", "localhost"), settings.GetInt32OrNull("port") ?? 6379 } },
            Ssl = settings.GetBooleanOr("ssl", false),
            Password = settings.GetStringOrNull("password"),
            ClientName = "wf",
            AbortOnConnectFail = true,
        };
        try
        {
            return new RedisParameterStore(
                await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (RedisException e)
        {
            throw Failure("Failed to connect to the parameter server", e);
        }
    }

    public async Task SetAsync(int siteId, IReadOnlyList<KeyValuePair<string, string>> values, CancellationToken cancellationToken)
    {
        try
        {
            var transaction = _connection.GetDatabase().CreateTransaction();
            var writes = values.Select(v => transaction.StringSetAsync(Key(siteId, v.Key), Wrap(v.Value), IParameterStore.Kept)).ToList();
            if (!await transaction.ExecuteAsync().WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new TaskFailedException("Failed to write to the parameter server [the transaction was refused]");
            }

            await Task.WhenAll(writes).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Failure("Failed to write to the parameter server", e);
        }
    }

    public async Task<IReadOnlyDictionary<string, string>> GetAsync(
        int siteId, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            var values = await _connection.GetDatabase().StringGetAsync([.. keys.Select(k => Key(siteId, k))])
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return keys.Zip(values).Where(p => p.Second.HasValue).ToDictionary(p => p.First, p => Unwrap(p.Second!), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw Failure("Failed to read from the parameter server", e);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static RedisKey Key(int siteId, string key) => System.FormattableString.Invariant($"{siteId}:{key}");

    private static string Wrap(string value) =>
        ConfigJson.Write(ConfigMap.Of(("value", ConfigMap.Of(("value", value))), ("value_type", 0L)));

    private static string Unwrap(string json) => ((ConfigMap)ConfigJson.Parse(json)).GetMap("value").GetString("value");

    private static TaskFailedException Failure(string what, Exception cause) => new($"{what} [{cause.Message}]", null, cause);
}
