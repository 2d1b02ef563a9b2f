using Npgsql;
using WfRunner.Core.Config;
using WfRunner.Operators.Sql;

namespace WfRunner.Operators.ParameterServer;

/// <summary>Parameters in a table of PostgreSQL, which Digdag can share.</summary>
internal sealed class PostgreSqlParameterStore : IParameterStore
{
    private const string Create = """
        CREATE TABLE IF NOT EXISTS params (
          key text NOT NULL, value text NOT NULL, value_type int NOT NULL, site_id integer,
          updated_at timestamp with time zone NOT NULL, created_at timestamp with time zone NOT NULL,
          CONSTRAINT params_site_id_key_uniq UNIQUE (site_id, key))
        """;

    private const string Upsert = """
        INSERT INTO params (key, value, value_type, site_id, updated_at, created_at) VALUES ($1, $2, 0, $3, now(), now())
        ON CONFLICT (site_id, key) DO UPDATE SET value = EXCLUDED.value, value_type = EXCLUDED.value_type, updated_at = now()
        """;

    private static readonly string Select = System.FormattableString.Invariant(
        $"SELECT value FROM params WHERE site_id = $1 AND key = $2 AND updated_at + INTERVAL '{(long)IParameterStore.Kept.TotalSeconds} seconds' >= now()");

    private readonly NpgsqlDataSource _source;

    private PostgreSqlParameterStore(NpgsqlDataSource source) => _source = source;

    public static async Task<PostgreSqlParameterStore> OpenAsync(ConfigMap settings, CancellationToken cancellationToken)
    {
        var store = new PostgreSqlParameterStore(PgSettings.Open(new NpgsqlConnectionStringBuilder
        {
            Host = settings.GetString("host"),
            Port = settings.GetInt32OrNull("port") ?? 5432,
            Username = settings.GetString("user"),
            Password = settings.GetStringOr("password", string.Empty),
            Database = settings.GetString("database"),
            Timeout = settings.GetInt32OrNull("loginTimeout") ?? 30,
            CommandTimeout = settings.GetInt32OrNull("socketTimeout") ?? 1800,
            SslMode = settings.GetStringOrNull("sslmode") is { } mode ? PgSettings.SslModeOf(mode)
                : settings.GetBooleanOr("ssl", false) ? SslMode.Require
                : SslMode.Disable,
            RootCertificate = settings.GetStringOrNull("sslrootcert"),
            SslCertificate = settings.GetStringOrNull("sslcert"),
            SslKey = settings.GetStringOrNull("sslkey"),
            ApplicationName = "wf",
            Pooling = false,
        }));
        try
        {
            await store.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return store;
        }
        catch (Exception e)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw PgFailure.Is(e) ? PgFailure.Of("Failed to connect to the parameter server", e) : e;
        }
    }

    public async Task SetAsync(int siteId, IReadOnlyList<KeyValuePair<string, string>> values, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);

            // Always in the same order, so that two tasks cannot wait for each other.
            foreach (var (key, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                await using var command = new NpgsqlCommand(Upsert, connection, transaction);
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ConfigJson.Write(ConfigMap.Of(("value", value))) });
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = siteId });
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (PgFailure.Is(e))
        {
            throw PgFailure.Of("Failed to write to the parameter server", e);
        }
    }

    public async Task<IReadOnlyDictionary<string, string>> GetAsync(
        int siteId, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var key in keys)
            {
                await using var command = new NpgsqlCommand(Select, connection);
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = siteId });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
                if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is string json
                    && ConfigJson.Parse(json) is ConfigMap { } stored)
                {
                    found[key] = stored.GetString("value");
                }
            }

            return found;
        }
        catch (Exception e) when (PgFailure.Is(e))
        {
            throw PgFailure.Of("Failed to read from the parameter server", e);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var look = new NpgsqlCommand("SELECT to_regclass('params') IS NOT NULL", connection);
        if (await look.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true)
        {
            return;
        }

        await using var command = new NpgsqlCommand(Create, connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable)
        {
            // Another task made it at the same moment.
        }
    }
}
