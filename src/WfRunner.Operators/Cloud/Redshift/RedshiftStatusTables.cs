using System.Globalization;
using NodaTime;
using Npgsql;
using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Operators.Sql;

namespace WfRunner.Operators.Cloud.Redshift;

/// <summary>
/// Makes sure that the statement of a task is done once. Redshift has no row locks, so every statement has a table of its own that
/// is created in the transaction that does the work: a second run waits for the first one, and then finds the table. Digdag
/// behaviour: operators-cloud 4.3; its tables are shared. Better than Digdag: only tables of the same schema whose name really
/// begins with the prefix are cleaned up.
/// </summary>
internal sealed class RedshiftStatusTables(PgSession session, ITaskLog log)
{
    private const string UniqueViolation = "23505";
    private const string DuplicateTable = "42P07";

    /// <summary>Does the work, unless it is done already, and forgets what was done long ago.</summary>
    /// <param name="work">The work.</param>
    /// <param name="failure">What its failure is called.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunOnceAsync(SqlStatement work, string failure, CancellationToken cancellationToken)
    {
        var options = work.Options.StatusTable;
        var table = options with { Name = $"{options.Name}_{work.QueryId}" };
        await session.ExecuteAsync("BEGIN", "Failed to begin a transaction", cancellationToken).ConfigureAwait(false);
        if (await TryCreateAsync(table, work.QueryId, cancellationToken).ConfigureAwait(false))
        {
            await session.ExecuteAsync(work.Text, failure, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(
                $"UPDATE {table} SET completed_at = GETDATE() WHERE query_id = '{work.QueryId}'",
                "Failed to update status row",
                cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("COMMIT", "Failed to commit updated status row", cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await session.ExecuteAsync("ROLLBACK", "Failed to rollback a transaction", cancellationToken).ConfigureAwait(false);
            log.Debug("Query is already completed according to status table. Skipping statement execution.");
        }

        await CleanUpAsync(options, work.Options.StatusTableKept, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> TryCreateAsync(TableReference table, string queryId, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(
                $"CREATE TABLE {table} (query_id, created_at, completed_at) AS SELECT '{queryId}'::text, GETDATE()::timestamptz, NULL::timestamptz",
                string.Empty,
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TaskFailedException e) when (e.InnerException is PostgresException { SqlState: UniqueViolation or DuplicateTable })
        {
            return false;
        }
        catch (TaskFailedException e) when (e.InnerException is { } cause)
        {
            throw PgFailure.Of(
                """
                Failed to create a status table.
                Please choose one of the following solutions:
                1. Set "strict_transaction: false" option. The statement may then be executed twice when a connection breaks.
                2. Let an administrator create a schema that this user may write to, and set "status_table_schema".
                """,
                cause);
        }
    }

    private async Task CleanUpAsync(TableReference prefix, Duration kept, CancellationToken cancellationToken)
    {
        IReadOnlyList<TableReference> tables;
        try
        {
            tables = await TablesAsync(prefix, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (PgFailure.Is(e))
        {
            log.Warn($"Failed to list status tables. Ignoring this error. {PgFailure.TextOf(e)}");
            return;
        }

        var seconds = ((long)kept.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        foreach (var table in tables)
        {
            try
            {
                if (await IsOldAsync(table, seconds, cancellationToken).ConfigureAwait(false))
                {
                    await session.ExecuteAsync($"DROP TABLE {table}", "Failed to drop a table", cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (PgFailure.Is(e) || e is TaskFailedException)
            {
                log.Warn($"Failed to drop expired status table: {table}. Ignoring this error. {FailureText.Describe(e)}");
            }
        }
    }

    private async Task<IReadOnlyList<TableReference>> TablesAsync(TableReference prefix, CancellationToken cancellationToken)
    {
        var schema = prefix.Schema is { } given ? Literal(given) : "current_schema()";
        var tables = new List<TableReference>();
        var command = session.Command($"SELECT schemaname, tablename FROM pg_tables WHERE schemaname = {schema}");
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    // A pattern of SQL would take the underscores of the name for any character.
                    if (reader.GetString(1) is var name && name.StartsWith(prefix.Name + "_", StringComparison.Ordinal))
                    {
                        tables.Add(new TableReference(reader.GetString(0), name));
                    }
                }
            }
        }

        return tables;
    }

    private async Task<bool> IsOldAsync(TableReference table, string seconds, CancellationToken cancellationToken)
    {
        var command = session.Command($"SELECT query_id FROM {table} WHERE completed_at < GETDATE() - INTERVAL '{seconds} SECOND' LIMIT 1");
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not null;
        }
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
