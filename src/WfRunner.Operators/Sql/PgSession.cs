using Npgsql;
using WfRunner.Core;

namespace WfRunner.Operators.Sql;

/// <summary>One connection to a PostgreSQL database, for one task.</summary>
internal sealed class PgSession : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;

    private PgSession(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        _source = source;
        _connection = connection;
    }

    /// <summary>Connects.</summary>
    /// <param name="settings">Where and as whom.</param>
    /// <param name="schema">The search path, when it is to be set by a statement; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkflowException">The database cannot be reached or refuses.</exception>
    public static async Task<PgSession> OpenAsync(
        NpgsqlConnectionStringBuilder settings, string? schema, CancellationToken cancellationToken)
    {
        var source = PgSettings.Open(settings);
        PgSession? session = null;
        try
        {
            session = new PgSession(source, await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false));
            if (schema is not null)
            {
                await session.ExecuteAsync(
                    $"SET search_path TO {new TableReference(null, schema)}", "Failed to set the search path", cancellationToken).ConfigureAwait(false);
            }

            return session;
        }
        catch (Exception e)
        {
            if (session is not null)
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }

            await source.DisposeAsync().ConfigureAwait(false);
            throw PgFailure.Is(e) ? PgFailure.Of("Failed to connect to the database", e) : e;
        }
    }

    /// <summary>Runs statements and drops their results.</summary>
    /// <param name="sql">One or several statements.</param>
    /// <param name="failure">What a failure is called.</param>
    /// <param name="cancellationToken">Ends the work on the server too.</param>
    /// <returns>How many rows were changed; -1 when that means nothing.</returns>
    /// <exception cref="WorkflowException">The server refused.</exception>
    public async Task<int> ExecuteAsync(string sql, string failure, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command(sql);
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (PgFailure.Is(e))
        {
            throw PgFailure.Of(failure, e);
        }
    }

    /// <summary>A statement whose values travel as text.</summary>
    public NpgsqlCommand Command(string sql) => new(sql, _connection) { AllResultTypesAreUnknown = true };

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }
}
