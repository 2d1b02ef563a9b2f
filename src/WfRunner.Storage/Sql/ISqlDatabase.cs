namespace WfRunner.Storage.Sql;

/// <summary>A database, for what is written once for all of them.</summary>
internal interface ISqlDatabase
{
    /// <summary>Does something that changes the database, in a transaction.</summary>
    Task<T> WriteAsync<T>(Func<ISqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken);

    /// <summary>Runs a single statement, or several that only read.</summary>
    Task<T> ReadAsync<T>(Func<ISqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken);
}
