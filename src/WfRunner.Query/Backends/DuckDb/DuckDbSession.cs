using System.Globalization;
using DuckDB.NET.Data;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>A connection of one job; disposing it gives the engine free.</summary>
internal sealed class DuckDbSession(DuckDBConnection connection, Action release) : IDisposable
{
    public DuckDBConnection Connection => connection;

    public long NextJobId(string database) => Convert.ToInt64(
        Scalar($"SELECT nextval({DuckDbInstance.Literal(DuckDbInstance.Quote(database) + ".wf_local.job_id")})"), CultureInfo.InvariantCulture);

    public object? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Execute(string sql, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var registration = cancellationToken.Register(command.Cancel);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            command.ExecuteNonQuery();
        }
        catch (DuckDBException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public void Dispose()
    {
        connection.Dispose();
        release();
    }
}
