using System.Globalization;
using NodaTime;
using Npgsql;
using WfRunner.Core;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary>
/// Makes sure that the statement of a task is done once, even when the program dies between the commit and the news of it: the
/// same transaction that does the work notes it in a table. Digdag behaviour: operators-core 10.4; its tables are shared.
/// </summary>
internal sealed class PgStatusTable(PgSession session, TableReference table, ITaskLog log)
{
    private const string UniqueViolation = "23505";
    private const string LockNotAvailable = "55P03";

    /// <summary>Makes sure that there is a table.</summary>
    /// <exception cref="TaskFailedException">There is none and none can be made; the message tells what an administrator can do.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var create = $"CREATE TABLE IF NOT EXISTS {table} (query_id text NOT NULL UNIQUE, created_at timestamptz NOT NULL, completed_at timestamptz)";
        try
        {
            await session.ExecuteAsync(create, string.Empty, cancellationToken).ConfigureAwait(false);
        }
        catch (TaskFailedException e) when (e.InnerException is PostgresException)
        {
            // Someone who may not create tables may still use one, and two who create it at once hinder each other.
            if (!await ExistsAsync(cancellationToken).ConfigureAwait(false))
            {
                throw PgFailure.Of(Hint(create), e.InnerException);
            }
        }
    }

    /// <summary>Does the work, unless it is done already.</summary>
    /// <param name="queryId">What identifies the work.</param>
    /// <param name="statement">The work.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when another run does it just now.</returns>
    public async Task<bool> TryRunOnceAsync(string queryId, string statement, CancellationToken cancellationToken)
    {
        while (true)
        {
            await session.ExecuteAsync("BEGIN", "Failed to begin a transaction", cancellationToken).ConfigureAwait(false);
            switch (await LockAsync(queryId, cancellationToken).ConfigureAwait(false))
            {
                case RowState.Locked:
                    await RollBackAsync(cancellationToken).ConfigureAwait(false);
                    return false;
                case RowState.Completed:
                    await RollBackAsync(cancellationToken).ConfigureAwait(false);
                    log.Debug("Query is already completed according to status table. Skipping statement execution.");
                    return true;
                case RowState.Open:
                    await RunAsync(queryId, statement, cancellationToken).ConfigureAwait(false);
                    return true;
                default:
                    await InsertAsync(queryId, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Forgets what was done long ago.</summary>
    /// <param name="kept">How long it is remembered.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CleanUpAsync(Duration kept, CancellationToken cancellationToken)
    {
        var seconds = ((long)kept.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        try
        {
            await session.ExecuteAsync(
                $"DELETE FROM {table} WHERE query_id = ANY(SELECT query_id FROM {table} WHERE completed_at < now() - interval '{seconds}' second)",
                "Failed to clean up",
                cancellationToken).ConfigureAwait(false);
        }
        catch (TaskFailedException e)
        {
            log.Warn($"Error during cleaning up status table. Ignoring.\n{FailureText.Describe(e)}");
        }
    }

    private async Task RunAsync(string queryId, string statement, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(statement, "Failed to execute given SQL script", cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(
            $"UPDATE {table} SET completed_at = CURRENT_TIMESTAMP WHERE query_id = '{queryId}'",
            "Failed to update status row",
            cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("COMMIT", "Failed to commit updated status row", cancellationToken).ConfigureAwait(false);
    }

    private async Task<RowState> LockAsync(string queryId, CancellationToken cancellationToken)
    {
        try
        {
            var command = session.Command($"SELECT completed_at FROM {table} WHERE query_id = '{queryId}' FOR UPDATE NOWAIT");
            await using (command.ConfigureAwait(false))
            {
                var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    return !await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? RowState.Missing
                        : reader.IsDBNull(0) ? RowState.Open
                        : RowState.Completed;
                }
            }
        }
        catch (PostgresException e) when (e.SqlState == LockNotAvailable)
        {
            return RowState.Locked;
        }
        catch (Exception e) when (PgFailure.Is(e))
        {
            throw PgFailure.Of("Failed to lock a status row", e);
        }
    }

    // The row is committed before the work begins, so that another run finds something to wait for.
    private async Task InsertAsync(string queryId, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(
                $"INSERT INTO {table} (query_id, created_at) VALUES ('{queryId}', CURRENT_TIMESTAMP)",
                "Failed to insert a status row",
                cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("COMMIT", "Failed to insert a status row", cancellationToken).ConfigureAwait(false);
        }
        catch (TaskFailedException e) when (e.InnerException is PostgresException { SqlState: UniqueViolation })
        {
            await RollBackAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<int> RollBackAsync(CancellationToken cancellationToken) =>
        session.ExecuteAsync("ROLLBACK", "Failed to rollback a transaction", cancellationToken);

    private async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync($"SELECT query_id, completed_at FROM {table} LIMIT 0", string.Empty, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TaskFailedException)
        {
            return false;
        }
    }

    private string Hint(string create) => $"""
        Failed to create a status table {table}.
        Please choose one of the following solutions:
        1. Set "strict_transaction: false" option. The statement may then be executed twice when a connection breaks.
        2. Let an administrator create the table and grant INSERT, SELECT, UPDATE and DELETE on it:
           {create};
        3. Let an administrator create a schema that this user may write to, and set "status_table_schema".
        """;

    private enum RowState
    {
        Missing,
        Open,
        Completed,
        Locked,
    }
}
