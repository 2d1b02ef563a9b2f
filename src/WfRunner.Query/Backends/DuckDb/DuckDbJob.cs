using System.Runtime.CompilerServices;
using WfRunner.Core.Config;
using WfRunner.Query.Dialect;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// One query on DuckDB. Its life: translate, take a share in the engine, prepare the databases, wait for the writers' turn if it
/// writes, run the statements, keep the last one's result open for the reader.
/// </summary>
internal sealed class DuckDbJob : IQueryJob
{
    private readonly QueryRequest _request;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Task<QueryResult> _running;
    private DuckDbInstances.Lease? _lease;
    private DuckDbSession? _session;
    private DuckDbResult? _rows;

    public DuckDbJob(QueryJobId id, QueryRequest request)
    {
        Id = id;
        _request = request;
        _running = RunAsync(_cancellation.Token);
    }

    public QueryJobId Id { get; }

    public Task<QueryJobStatus> PollAsync(CancellationToken cancellationToken) => Task.FromResult(_running switch
    {
        { IsCanceled: true } => QueryJobStatus.Cancelled,
        { IsFaulted: true } => QueryJobStatus.Failed,
        { IsCompleted: true } => QueryJobStatus.Succeeded,
        _ => QueryJobStatus.Running,
    });

    public async Task<QueryResult> WaitAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), _cancellation);
        return await _running.ConfigureAwait(false);
    }

    public async IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_rows is not { } rows)
        {
            yield break;
        }

        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation.Token);
        while (await FetchAsync(rows, both.Token).ConfigureAwait(false) is { } chunk)
        {
            foreach (var row in chunk)
            {
                yield return row;
            }
        }
    }

    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        if (!_running.IsCompleted)
        {
            await _cancellation.CancelAsync().ConfigureAwait(false);
        }

        await ((Task)_running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await CancelAsync(CancellationToken.None).ConfigureAwait(false);
        _rows?.Dispose();
        _session?.Dispose();
        _lease?.Dispose();
        _cancellation.Dispose();
    }

    private async Task<QueryResult> RunAsync(CancellationToken cancellationToken)
    {
        // Whoever submits must not wait for the translation, nor get its failure from the constructor.
        await Task.Yield();
        var statements = DuckDbBackend.Translate(_request);
        if (_request.Target is not null && statements.Count == 0)
        {
            throw new QueryFailedException("Local SQL error: the query is empty");
        }

        _lease = DuckDbInstances.Acquire(_request.LocalDirectory);
        var instance = _lease.Instance;
        await instance.PrepareAsync(_request, _request.Target?.Table, statements, cancellationToken).ConfigureAwait(false);
        _session = instance.OpenSession(_request.Database);
        if (_request.Target is null && statements.All(s => s.IsReadOnly))
        {
            return await RunStatementsAsync(_session, statements, cancellationToken).ConfigureAwait(false);
        }

        await instance.Writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await RunStatementsAsync(_session, statements, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            instance.Writing.Release();
        }
    }

    private Task<QueryResult> RunStatementsAsync(DuckDbSession session, IReadOnlyList<SqlStatement> statements, CancellationToken cancellationToken) =>
        BlockingWork.RunAsync(
            () =>
            {
                var run = new StatementRun(session, _request, cancellationToken);
                _rows = _request.Target is { } target ? run.IntoTable(statements, target) : run.ForRows(statements);
                return _rows is null ? QueryResult.None : new QueryResult(_rows.Columns, HasRows: true);
            },
            session.Interrupt,
            cancellationToken);

    private async Task<List<ConfigValue[]>?> FetchAsync(DuckDbResult rows, CancellationToken cancellationToken)
    {
        try
        {
            return await BlockingWork.RunAsync(rows.FetchRows, _session!.Interrupt, cancellationToken).ConfigureAwait(false);
        }
        catch (DuckDbException e)
        {
            throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e);
        }
    }
}
