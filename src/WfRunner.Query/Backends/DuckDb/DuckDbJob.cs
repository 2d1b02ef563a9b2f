using System.Globalization;
using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// One query on DuckDB. A result is kept in a temporary table, which DuckDB moves to disk when it grows, so that it can be counted
/// and read without holding it in memory.
/// </summary>
internal sealed class DuckDbJob(string id, QueryRequest request, IReadOnlyList<string> statements, DuckDbSession session) : IQueryJob
{
    private const string ResultTable = "temp.main.wf_result";

    private static readonly string[] QueryWords = ["SELECT", "WITH", "VALUES", "FROM", "TABLE", "("];

    private IReadOnlyList<QueryColumn> _columns = [];

    public string Id => id;

    public Task<QueryCompletion> WaitAsync(CancellationToken cancellationToken) => Task.Run(() => Run(cancellationToken), cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_columns.Count == 0)
        {
            yield break;
        }

        using var command = session.Connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", _columns.Select(Readable))} FROM {ResultTable}";
        command.UseStreamingMode = true;
        using var rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var values = new ConfigValue[_columns.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = rows.IsDBNull(i) ? ConfigNull.Instance : DuckDbValue.Read(rows, i, _columns[i].Type);
            }

            yield return values;
        }
    }

    public ValueTask DisposeAsync()
    {
        session.Dispose();
        return ValueTask.CompletedTask;
    }

    private QueryCompletion Run(CancellationToken cancellationToken)
    {
        var linesBefore = 0;
        try
        {
            for (var i = 0; i < statements.Count - 1; i++)
            {
                session.Execute(statements[i], cancellationToken);
            }

            var last = statements[^1];
            switch (request.Target.Kind)
            {
                case QueryTargetKind.CreateTable:
                    linesBefore = 1;
                    CreateTable(last, cancellationToken);
                    return new QueryCompletion([], 0, HasResult: false);
                case QueryTargetKind.InsertInto:
                    linesBefore = 1;
                    InsertInto(last, cancellationToken);
                    return new QueryCompletion([], 0, HasResult: false);
                default:
                    if (!ReturnsRows(last))
                    {
                        session.Execute(last, cancellationToken);
                        return new QueryCompletion([], 0, HasResult: false);
                    }

                    linesBefore = 1;
                    return KeepResult(last, cancellationToken);
            }
        }
        catch (DuckDBException e)
        {
            throw DuckDbError.Translate(e, linesBefore);
        }
    }

    private QueryCompletion KeepResult(string query, CancellationToken cancellationToken)
    {
        session.Execute($"CREATE OR REPLACE TEMP TABLE wf_result AS\n{query}", cancellationToken);
        _columns = Describe(ResultTable);
        var count = Convert.ToInt64(session.Scalar($"SELECT count(*) FROM {ResultTable}"), CultureInfo.InvariantCulture);
        return new QueryCompletion(_columns, count, HasResult: true);
    }

    // One transaction: nobody ever sees the table missing or half filled.
    private void CreateTable(string query, CancellationToken cancellationToken) => InTransaction(
        () =>
        {
            var table = Qualified(request.Target.Table!);
            session.Execute($"CREATE OR REPLACE TABLE {table} AS\n{query}", cancellationToken);
            AddTimeColumn(table, cancellationToken);
        },
        cancellationToken);

    // Columns are matched by name; what the table lacks is added, what the query lacks is null.
    private void InsertInto(string query, CancellationToken cancellationToken)
    {
        session.Execute($"CREATE OR REPLACE TEMP TABLE wf_result AS\n{query}", cancellationToken);
        InTransaction(
            () =>
            {
                var table = Qualified(request.Target.Table!);
                session.Execute($"CREATE TABLE IF NOT EXISTS {table} (time BIGINT)", cancellationToken);
                var present = Describe(table).Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
                foreach (var (name, type) in Types(ResultTable).Where(c => !present.Contains(c.Name)))
                {
                    session.Execute($"ALTER TABLE {table} ADD COLUMN {DuckDbInstance.Quote(name)} {type}", cancellationToken);
                }

                var hasTime = Describe(ResultTable).Any(c => c.Name.Equals("time", StringComparison.OrdinalIgnoreCase));
                var source = hasTime ? $"SELECT * FROM {ResultTable}" : $"SELECT *, {SessionSeconds} AS time FROM {ResultTable}";
                session.Execute($"INSERT INTO {table} BY NAME {source}", cancellationToken);
            },
            cancellationToken);
    }

    private string SessionSeconds => request.ScheduledTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    // A table of Treasure Data always has a time column.
    private void AddTimeColumn(string table, CancellationToken cancellationToken)
    {
        if (!Describe(table).Any(c => c.Name.Equals("time", StringComparison.OrdinalIgnoreCase)))
        {
            session.Execute($"ALTER TABLE {table} ADD COLUMN time BIGINT", cancellationToken);
            session.Execute($"UPDATE {table} SET time = {SessionSeconds}", cancellationToken);
        }
    }

    private void InTransaction(Action work, CancellationToken cancellationToken)
    {
        session.Execute("BEGIN", cancellationToken);
        try
        {
            work();
            session.Execute("COMMIT", cancellationToken);
        }
        catch
        {
            session.Execute("ROLLBACK", CancellationToken.None);
            throw;
        }
    }

    private string Qualified(TableName table) =>
        DuckDbInstance.Quote(table.Database ?? request.Database) + ".main." + DuckDbInstance.Quote(table.Table);

    private List<QueryColumn> Describe(string table) => Types(table).ConvertAll(c => new QueryColumn(c.Name, DuckDbType.ToPresto(c.Type)));

    private List<(string Name, string Type)> Types(string table)
    {
        var columns = new List<(string, string)>();
        using var command = session.Connection.CreateCommand();
        command.CommandText = $"DESCRIBE {table}";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            columns.Add((rows.GetString(0), rows.GetString(1)));
        }

        return columns;
    }

    private static bool ReturnsRows(string statement)
    {
        var first = Sql.SqlTokenizer.Tokenize(statement).First(t => !t.IsTrivia);
        return QueryWords.Contains(first.Value, StringComparer.OrdinalIgnoreCase);
    }

    private static string Readable(QueryColumn column)
    {
        var name = DuckDbInstance.Quote(column.Name);
        return DuckDbType.IsNested(column.Type) ? $"to_json({name})::VARCHAR AS {name}" : name;
    }
}
