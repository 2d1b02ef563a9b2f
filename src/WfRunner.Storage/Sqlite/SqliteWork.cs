namespace WfRunner.Storage.Sqlite;

/// <summary>Something to do on a connection, and whoever waits for it.</summary>
internal abstract class SqliteWork
{
    /// <summary>Does it; what it throws is the caller's.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Tells the waiting caller that it is done, and durable if it wrote.</summary>
    public abstract void Complete();

    /// <summary>Tells the waiting caller that nothing happened.</summary>
    public abstract void Fail(Exception failure);
}

/// <summary>Work with a result.</summary>
/// <typeparam name="T">The result.</typeparam>
internal sealed class SqliteWork<T>(Func<SqliteSession, T> run) : SqliteWork
{
    // Callers must not go on on the connection's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Result => _done.Task;

    public override void Run(SqliteSession session) => _result = run(session);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}
