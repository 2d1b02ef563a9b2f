using System.Data.Common;
using Npgsql;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.PostgreSql;

/// <summary>One connection while somebody works on it; parameters of statements are named <c>$1</c>, <c>$2</c> and so on.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection) : ISqlSession
{
    public string ForUpdate => " FOR UPDATE";

    public string ForKeyShare => " FOR KEY SHARE";

    public string Is(string column) => column;

    public string IsNot(string column) => "NOT " + column;

    /// <summary>Runs a script of several statements without parameters, however long it takes.</summary>
    public async Task ScriptAsync(string sql, CancellationToken cancellationToken)
    {
        var command = Command(sql, []);
        command.CommandTimeout = 0;
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows it changed.</returns>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params Argument[] arguments)
    {
        var command = Command(sql, arguments);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads all rows of a query.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params Argument[] arguments)
    {
        var command = Command(sql, arguments);
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(read(reader));
                }

                return rows;
            }
        }
    }

    public Task TakeTurnAsync(string reason, CancellationToken cancellationToken) => QueryAsync(
        "SELECT pg_advisory_xact_lock(2123301, hashtext(current_schema() || $1))", static _ => 0, cancellationToken, "/" + reason);

    public Task SignalAttemptsFreeAsync(CancellationToken cancellationToken) => SignalText.SendAsync(this, SignalText.AttemptsFree, cancellationToken);

    private NpgsqlCommand Command(string sql, Argument[] arguments)
    {
#pragma warning disable CA2100 // Statements are put together from constants; every value is a parameter.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var argument in arguments)
        {
            command.Parameters.Add(argument.ToParameter());
        }

        return command;
    }
}
