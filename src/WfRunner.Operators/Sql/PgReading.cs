using System.Text;
using NodaTime;
using Npgsql;
using WfRunner.Core;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;

namespace WfRunner.Operators.Sql;

/// <summary>
/// Runs a query that may only read, and gives its rows to a file or to parameters. Better than Digdag: the transaction is truly
/// read-only, a file is written aside and renamed, and an older object of results does not shine through a newer one. Digdag
/// behaviour: operators-core 10.3.
/// </summary>
internal sealed class PgReading(PgSession session, string query)
{
    private const string SelectFailed = "Failed to execute given SELECT statement";
    private const string ReadOnlyViolation = "25006";

    /// <summary>Writes all rows to a CSV file.</summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task DownloadAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var writer = new StreamWriter(aside, append: false, new UTF8Encoding(false));
            await using (writer.ConfigureAwait(false))
            {
                await RunAsync(
                    async reader =>
                    {
                        await writer.WriteAsync(CsvLine.Of(Names(reader))).ConfigureAwait(false);
                        while (await NextAsync(reader, cancellationToken).ConfigureAwait(false))
                        {
                            await writer.WriteAsync(CsvLine.Of(Texts(reader))).ConfigureAwait(false);
                        }
                    },
                    cancellationToken).ConfigureAwait(false);
            }

            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Makes parameters of the rows.</summary>
    /// <param name="rows">Which rows.</param>
    /// <param name="limits">How much of them.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>An object, or a list of objects.</returns>
    public async Task<ConfigValue> StoreAsync(StoredRows rows, ResultLimits limits, CancellationToken cancellationToken)
    {
        var zone = LocalZone();
        var stored = new List<ConfigValue>();
        await RunAsync(
            async reader =>
            {
                limits.CheckColumns(reader.FieldCount);
                while ((rows == StoredRows.All || stored.Count == 0) && await NextAsync(reader, cancellationToken).ConfigureAwait(false))
                {
                    stored.Add(Row(reader, zone, limits));
                    if (rows == StoredRows.All)
                    {
                        limits.CheckRows(stored.Count);
                    }
                }
            },
            cancellationToken).ConfigureAwait(false);
        return rows == StoredRows.All ? new ConfigList(stored) : stored.FirstOrDefault() ?? ConfigMap.Empty;
    }

    private async Task RunAsync(Func<NpgsqlDataReader, Task> read, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("BEGIN READ ONLY", "Failed to begin a transaction", cancellationToken).ConfigureAwait(false);
        var command = session.Command(query);
        await using (command.ConfigureAwait(false))
        {
            var reader = await OpenAsync(command, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await read(reader).ConfigureAwait(false);
                if (await NextResultAsync(reader, cancellationToken).ConfigureAwait(false))
                {
                    throw new TaskFailedException($"{SelectFailed} [Multiple ResultSets were returned by the query.]");
                }
            }
        }

        await session.ExecuteAsync("COMMIT", SelectFailed, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<NpgsqlDataReader> OpenAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        NpgsqlDataReader reader;
        try
        {
            reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == ReadOnlyViolation)
        {
            throw NotReadOnly(e);
        }
        catch (Exception e) when (PgFailure.Is(e))
        {
            throw PgFailure.Of(SelectFailed, e);
        }

        if (reader.FieldCount > 0)
        {
            return reader;
        }

        await reader.DisposeAsync().ConfigureAwait(false);
        throw new TaskFailedException($"{SelectFailed} [No results were returned by the query.]");
    }

    private static Task<bool> NextAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        FetchAsync(reader.ReadAsync, "Failed to fetch next rows", cancellationToken);

    private static Task<bool> NextResultAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        FetchAsync(reader.NextResultAsync, SelectFailed, cancellationToken);

    private static async Task<bool> FetchAsync(
        Func<CancellationToken, Task<bool>> fetch, string failure, CancellationToken cancellationToken)
    {
        try
        {
            return await fetch(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException e) when (e.SqlState == ReadOnlyViolation)
        {
            throw NotReadOnly(e);
        }
        catch (Exception e) when (PgFailure.Is(e))
        {
            throw PgFailure.Of(failure, e);
        }
    }

    private static ConfigException NotReadOnly(PostgresException e) =>
        new("Query must be read-only if download_file is set", null, PgFailure.Of(SelectFailed, e));

    private static IEnumerable<string> Names(NpgsqlDataReader reader) => Enumerable.Range(0, reader.FieldCount).Select(reader.GetName);

    private static IEnumerable<string?> Texts(NpgsqlDataReader reader) => Enumerable.Range(0, reader.FieldCount)
        .Select(i => reader.IsDBNull(i) ? null : PgValue.Text(reader.GetString(i), reader.GetDataTypeName(i)));

    private static ConfigMap Row(NpgsqlDataReader reader, DateTimeZone zone, ResultLimits limits)
    {
        var row = new ConfigMapBuilder();
        for (var i = 0; i < reader.FieldCount; i++)
        {
            var value = reader.IsDBNull(i) ? ConfigNull.Instance : PgValue.Parameter(reader.GetString(i), reader.GetDataTypeName(i), zone);
            limits.CheckValue(value);
            row.Set(reader.GetName(i), value);
        }

        return row.Build();
    }

    private static DateTimeZone LocalZone() =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(TimeZoneInfo.Local.Id) ?? DateTimeZoneProviders.Bcl.GetSystemDefault();
}
