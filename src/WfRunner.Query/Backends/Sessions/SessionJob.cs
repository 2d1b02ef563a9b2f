using System.Runtime.CompilerServices;
using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>One query on a session: translate, run statement by statement, keep the last one's rows open for the reader.</summary>
internal sealed class SessionJob : IQueryJob
{
    private readonly QueryRequest _request;
    private readonly SessionBackend _backend;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Task<QueryResult> _running;
    private ISqlSession? _session;
    private ISqlRows? _rows;

    public SessionJob(QueryJobId id, QueryRequest request, SessionBackend backend)
    {
        Id = id;
        _request = request;
        _backend = backend;
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
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancellation.Token);
        while (_rows is not null && await NextAsync(_rows, both.Token).ConfigureAwait(false) is { } chunk)
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
        if (_rows is not null)
        {
            await _rows.DisposeAsync().ConfigureAwait(false);
        }

        if (_session is not null)
        {
            await _session.DisposeAsync().ConfigureAwait(false);
        }

        _cancellation.Dispose();
    }

    private static async Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextAsync(ISqlRows rows, CancellationToken cancellationToken)
    {
        try
        {
            return await rows.NextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SqlSessionException e)
        {
            throw new QueryFailedException(e.Message, e);
        }
    }

    private async Task<QueryResult> RunAsync(CancellationToken cancellationToken)
    {
        // Whoever submits must not wait for the engine, nor get its failure from the constructor.
        await Task.Yield();
        var statements = _backend.Translate(_request);
        if (statements.Count == 0)
        {
            return _request.Target is null ? QueryResult.None : throw new QueryFailedException("the query is empty");
        }

        SqlText? current = null;
        try
        {
            _session = await _backend.OpenSessionAsync(_request, _request.Query, cancellationToken).ConfigureAwait(false);
            foreach (var statement in _request.Target is null ? statements : statements.SkipLast(1))
            {
                current = statement;
                await OpenNextAsync(_session, statement, cancellationToken).ConfigureAwait(false);
                if (statement != statements[^1])
                {
                    await DrainAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            if (_request.Target is { } target)
            {
                current = statements[^1];
                await new SqlTarget(_session, _request).FillAsync(current, target, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (SqlSessionException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (line, column) = current?.PlaceOf(_request.Query, e.Position) ?? (null, null);
            throw new QueryFailedException(e.Message, e, line, column);
        }

        return _rows is null ? QueryResult.None : new QueryResult(_rows.Columns, HasRows: true);
    }

    private async Task OpenNextAsync(ISqlSession session, SqlText statement, CancellationToken cancellationToken)
    {
        _request.Debug?.Invoke($"SQL:\n{statement.Text}");
        _rows = await session.OpenAsync(statement.Text, cancellationToken).ConfigureAwait(false);
    }

    // Effects of a statement may come with its rows.
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (_rows is null)
        {
            return;
        }

        while (await _rows.NextAsync(cancellationToken).ConfigureAwait(false) is not null)
        {
            // Nobody asked for them.
        }

        await _rows.DisposeAsync().ConfigureAwait(false);
        _rows = null;
    }
}
