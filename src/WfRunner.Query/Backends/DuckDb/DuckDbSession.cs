using DuckDB.NET.Native;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>One connection. Statements run on the calling thread; only <see cref="Interrupt"/> may be called meanwhile.</summary>
internal sealed class DuckDbSession(DuckDBNativeConnection connection) : IDisposable
{
    /// <summary>Runs statements for their effect.</summary>
    /// <exception cref="DuckDbException">DuckDB refused.</exception>
    public void Execute(string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection, sql, out var result);
        try
        {
            if (!state.IsSuccess())
            {
                throw DuckDbException.Of(NativeMethods.Query.DuckDBResultError(ref result));
            }
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    /// <summary>Starts one statement, whose rows are produced as they are fetched.</summary>
    /// <exception cref="DuckDbException">DuckDB refused.</exception>
    public DuckDbResult Open(string sql)
    {
        var statement = Prepare(sql);
        if (NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result).IsSuccess())
        {
            return new DuckDbResult(statement, result);
        }

        var error = DuckDbException.Of(NativeMethods.Query.DuckDBResultError(ref result));
        NativeMethods.Query.DuckDBDestroyResult(ref result);
        statement.Dispose();
        throw error;
    }

    /// <summary>All rows of a small result.</summary>
    public List<ConfigValue[]> Rows(string sql)
    {
        using var result = Open(sql);
        var all = new List<ConfigValue[]>();
        while (result.FetchRows() is { } rows)
        {
            all.AddRange(rows);
        }

        return all;
    }

    /// <summary>Runs steps as one transaction: all of them or nothing.</summary>
    public void InTransaction(Action steps)
    {
        Execute("BEGIN TRANSACTION");
        var isDone = false;
        try
        {
            steps();
            isDone = true;
            Execute("COMMIT");
        }
        finally
        {
            // A commit that fails has rolled back already.
            if (!isDone)
            {
                Execute("ROLLBACK");
            }
        }
    }

    /// <summary>Ends whatever statement runs at this moment.</summary>
    public void Interrupt() => NativeMethods.Startup.DuckDBInterrupt(connection);

    public void Dispose() => connection.Dispose();

    private DuckDBPreparedStatement Prepare(string sql)
    {
        if (NativeMethods.PreparedStatements.DuckDBPrepare(connection, sql, out var statement).IsSuccess())
        {
            return statement;
        }

        using (statement)
        {
            throw DuckDbException.Of(NativeMethods.PreparedStatements.DuckDBPrepareError(statement));
        }
    }
}
