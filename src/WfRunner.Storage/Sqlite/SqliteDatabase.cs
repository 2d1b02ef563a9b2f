using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using WfRunner.Core;
using WfRunner.Storage.Sql;

namespace WfRunner.Storage.Sqlite;

/// <summary>
/// The threads that work on an SQLite database. SQLite calls block, so each connection has a thread of its own and callers wait
/// asynchronously. All writes go through one connection, which commits everything that queued up meanwhile in one transaction: under
/// load many callers share one flush to disk. A file has reading connections beside it; a database in memory has only the one.
/// </summary>
internal sealed class SqliteDatabase : ISqlDatabase, IAsyncDisposable
{
    private const int Readers = 2;
    private const int MaximumBatch = 256;

    private readonly Channel<SqliteWork> _writes = Channel.CreateUnbounded<SqliteWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<SqliteWork> _reads;
    private readonly List<Task> _threads = [];

    private SqliteDatabase(bool sharesConnection) =>
        _reads = sharesConnection ? _writes : Channel.CreateUnbounded<SqliteWork>();

    /// <summary>Opens a database in memory; it is gone when it is closed.</summary>
    public static SqliteDatabase OpenMemory()
    {
        var database = new SqliteDatabase(sharesConnection: true);
        var session = new SqliteSession("Data Source=:memory:;Pooling=False");
        session.Script("PRAGMA foreign_keys = ON");
        database.Start(session, isWriter: true);
        return database;
    }

    /// <summary>Opens or creates a database file.</summary>
    public static SqliteDatabase OpenFile(string path)
    {
        var database = new SqliteDatabase(sharesConnection: false);
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        for (var i = 0; i <= Readers; i++)
        {
            var session = new SqliteSession(connectionString);

            // FULL: what a caller was told is stored survives a power cut, not only a crash of this process.
            session.Script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000");
            database.Start(session, isWriter: i == 0);
        }

        return database;
    }

    /// <summary>Does something that changes the database, in a transaction.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> run, CancellationToken cancellationToken) =>
        StoreMeter.MeasureAsync("write", Enqueue(_writes, run, cancellationToken));

    /// <summary>Reads from the database, in one consistent state.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteSession, T> run, CancellationToken cancellationToken) =>
        StoreMeter.MeasureAsync("read", Enqueue(_reads, run, cancellationToken));

    Task<T> ISqlDatabase.WriteAsync<T>(Func<ISqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        WriteAsync(s => Finished(run(s, cancellationToken)), cancellationToken);

    Task<T> ISqlDatabase.ReadAsync<T>(Func<ISqlSession, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        ReadAsync(s => Finished(run(s, cancellationToken)), cancellationToken);

    /// <summary>The result of work on a session of this database, which has ended when its method returns.</summary>
    public static T Finished<T>(Task<T> work)
    {
        Finish(work);
        return work.GetAwaiter().GetResult();
    }

    /// <summary>Ends work on a session of this database; what it threw is thrown.</summary>
    public static void Finish(Task work)
    {
        if (!work.IsCompleted)
        {
            throw new InvalidOperationException("Work on an SQLite connection must not wait for anything else");
        }

        work.GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        _reads.Writer.TryComplete();
        await Task.WhenAll(_threads).ConfigureAwait(false);
    }

    private static Task<T> Enqueue<T>(Channel<SqliteWork> channel, Func<SqliteSession, T> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var work = new SqliteWork<T>(run);
        return channel.Writer.TryWrite(work)
            ? work.Result.WaitAsync(cancellationToken)
            : Task.FromException<T>(new WorkflowException(FailureKind.Database, "The database is closed"));
    }

    private void Start(SqliteSession session, bool isWriter)
    {
        var channel = isWriter ? _writes : _reads;
        _threads.Add(Task.Factory.StartNew(
            () =>
            {
                using (session)
                {
                    Loop(session, channel.Reader, isWriter ? MaximumBatch : 1);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
    }

    private static void Loop(SqliteSession session, ChannelReader<SqliteWork> queue, int maximumBatch)
    {
        var batch = new List<SqliteWork>();

        // A thread that exists to wait may block; no pool thread does.
        while (queue.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < maximumBatch && queue.TryRead(out var work))
            {
                batch.Add(work);
            }

            if (batch.Count > 0)
            {
                RunBatch(session, batch, maximumBatch == 1 ? "BEGIN" : "BEGIN IMMEDIATE");
                batch.Clear();
            }
        }
    }

    // Each piece of work is undone alone when it fails; what the others did is kept.
    private static void RunBatch(SqliteSession session, List<SqliteWork> batch, string begin)
    {
        var done = new List<SqliteWork>(batch.Count);
        try
        {
            session.Execute(begin);
            foreach (var work in batch)
            {
                session.Execute("SAVEPOINT work");
                if (TryRun(session, work))
                {
                    done.Add(work);
                }
                else
                {
                    session.Execute("ROLLBACK TO work");
                }

                session.Execute("RELEASE work");
            }

            session.Execute("COMMIT");
        }
        catch (SqliteException e)
        {
            TryRollBack(session);
            var failure = new WorkflowException(FailureKind.Database, e.Message, null, e);
            batch.ForEach(w => w.Fail(failure));
            return;
        }

        done.ForEach(w => w.Complete());
    }

    private static bool TryRun(SqliteSession session, SqliteWork work)
    {
        try
        {
            work.Run(session);
            return true;
        }
        catch (SqliteException e)
        {
            work.Fail(new WorkflowException(FailureKind.Database, e.Message, null, e));
            return false;
        }
#pragma warning disable CA1031 // Whatever the caller's work throws is handed to the caller, who waits for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            work.Fail(e);
            return false;
        }
    }

    private static void TryRollBack(SqliteSession session)
    {
        try
        {
            session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // There was no transaction any more: SQLite had rolled it back itself.
        }
    }
}
