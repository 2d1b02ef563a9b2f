using System.Globalization;
using WfRunner.Core.Config;
using WfRunner.Query.Dialect;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>Runs the statements of one query on one session, on the calling thread, and says where in the query an error is.</summary>
internal sealed class StatementRun(DuckDbSession session, QueryRequest request, CancellationToken cancellationToken)
{
    private const string Incoming = "temp.main.wf_incoming";

    /// <summary>Runs all statements; the result is the last one's, null when that gives none.</summary>
    public DuckDbResult? ForRows(IReadOnlyList<SqlStatement> statements)
    {
        DuckDbResult? last = null;
        foreach (var statement in statements)
        {
            last?.Dispose();
            last = Open(statement);
            if (!last.HasRows)
            {
                last.Dispose();
                last = null;
            }
            else if (statement != statements[^1])
            {
                Drain(last);
            }
        }

        return last;
    }

    /// <summary>Puts the rows of the last statement into a table, all or nothing.</summary>
    public DuckDbResult? IntoTable(IReadOnlyList<SqlStatement> statements, QueryTarget target)
    {
        ForRows([.. statements.SkipLast(1)])?.Dispose();
        session.InTransaction(() =>
        {
            if (target.Mode == QueryTargetMode.Replace)
            {
                Replace(statements[^1], target.Table);
            }
            else
            {
                Append(statements[^1], target.Table);
            }
        });
        return null;
    }

    /// <summary>The statement that fills the table of a request, as people would write it.</summary>
    public static SqlOutput IntoTable(SqlStatement query, QueryRequest request)
    {
        var table = request.Target!.Table;
        var name = $"{SqlNames.Quote(table.Database ?? request.Database)}.main.{SqlNames.Quote(table.Table)}";
        return query.Output(request.Target.Mode == QueryTargetMode.Replace ? $"CREATE OR REPLACE TABLE {name} AS " : $"INSERT INTO {name} BY NAME ");
    }

    private void Replace(SqlStatement query, TableName table)
    {
        var name = Qualified(table);
        if (IsView(table))
        {
            session.Execute($"DROP VIEW {name}");
        }

        Execute(query, $"CREATE OR REPLACE TABLE {name} AS ");
        if (!Columns(DatabaseOf(table), table.Table).ContainsKey("time"))
        {
            session.Execute($"ALTER TABLE {name} ADD COLUMN \"time\" BIGINT DEFAULT {TimeText}; ALTER TABLE {name} ALTER COLUMN \"time\" DROP DEFAULT");
        }
    }

    // Columns are matched by name; what the table lacks is added, what the query lacks is NULL, but for the time.
    private void Append(SqlStatement query, TableName table)
    {
        var name = Qualified(table);
        session.Execute($"CREATE TABLE IF NOT EXISTS {name} (\"time\" BIGINT)");
        Execute(query, "CREATE OR REPLACE TEMP TABLE wf_incoming AS ");
        var present = Columns(DatabaseOf(table), table.Table);
        var incoming = Columns("temp", "wf_incoming");
        foreach (var (column, type) in incoming.Where(c => !present.ContainsKey(c.Key)))
        {
            session.Execute($"ALTER TABLE {name} ADD COLUMN {SqlNames.Quote(column)} {type}");
        }

        // The table always gets a time column, so that a table of another origin grows one too.
        if (!present.ContainsKey("time") && !incoming.ContainsKey("time"))
        {
            session.Execute($"ALTER TABLE {name} ADD COLUMN \"time\" BIGINT");
        }

        var time = incoming.ContainsKey("time") ? string.Empty : $", CAST({TimeText} AS BIGINT) AS \"time\"";
        Guard(() => session.Execute($"INSERT INTO {name} BY NAME SELECT *{time} FROM {Incoming}"));
        session.Execute($"DROP TABLE {Incoming}");
    }

    private string TimeText => request.ReferenceTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private string DatabaseOf(TableName table) => table.Database ?? request.Database;

    private string Qualified(TableName table) => $"{SqlNames.Quote(DatabaseOf(table))}.main.{SqlNames.Quote(table.Table)}";

    private Dictionary<string, string> Columns(string database, string table) => session.Rows(
        $"SELECT column_name, data_type FROM duckdb_columns() WHERE lower(database_name) = lower({SqlNames.Literal(database)}) "
        + $"AND schema_name = 'main' AND lower(table_name) = lower({SqlNames.Literal(table)}) ORDER BY column_index")
        .ToDictionary(r => ((ConfigText)r[0]).Value, r => ((ConfigText)r[1]).Value, StringComparer.OrdinalIgnoreCase);

    private bool IsView(TableName table) => session.Rows(
        $"SELECT 1 FROM duckdb_views() WHERE lower(database_name) = lower({SqlNames.Literal(DatabaseOf(table))}) "
        + $"AND schema_name = 'main' AND lower(view_name) = lower({SqlNames.Literal(table.Table)})").Count > 0;

    private void Execute(SqlStatement statement, string prefix) => InRightReading(
        statement,
        s =>
        {
            var sql = s.Output(prefix);
            Guard(() => session.Execute(Announced(sql)), sql);
            return true;
        });

    private DuckDbResult Open(SqlStatement statement)
    {
        return InRightReading(statement, s =>
        {
            var sql = s.Output();
            return Guard(() => session.Open(Announced(sql)), sql);
        });
    }

    // The first reading of an UNNEST is that of a map; where it turns out to be an array of rows the statement is read again. It has
    // not begun then.
    private static T InRightReading<T>(SqlStatement statement, Func<SqlStatement, T> run)
    {
        try
        {
            return run(statement);
        }
        catch (QueryFailedException e) when (statement.ReadAgain?.Invoke(e) is { } other)
        {
            return InRightReading(other, run);
        }
    }

    private string Announced(SqlOutput sql)
    {
        cancellationToken.ThrowIfCancellationRequested();
        request.Debug?.Invoke($"Local SQL:\n{sql.Text}");
        return sql.Text;
    }

    private void Guard(Action action, SqlOutput? sql = null) => Guard(
        () =>
        {
            action();
            return true;
        },
        sql);

    private T Guard<T>(Func<T> action, SqlOutput? sql = null)
    {
        try
        {
            return action();
        }
        catch (DuckDbException e) when (!e.IsInterrupt)
        {
            if (e.Position is { } position && sql?.SourceOffset(position) is { } offset and >= 0)
            {
                var (line, column) = SqlPlace.Of(request.Query, offset);
                throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e, line, column);
            }

            throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e);
        }
    }

    private static void Drain(DuckDbResult result)
    {
        while (result.FetchRows() is not null)
        {
            // Effects of the statement come with its rows.
        }
    }
}
