using WfRunner.Core.Config;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>One query on a session: translate, run statement by statement, keep the last one's rows open for the reader.</summary>
internal sealed class SessionJob : EngineJob
{
    private readonly QueryRequest _request;
    private readonly SessionBackend _backend;
    private ISqlSession? _session;
    private ISqlRows? _rows;

    public SessionJob(QueryJobId id, QueryRequest request, SessionBackend backend)
        : base(id)
    {
        _request = request;
        _backend = backend;
        Begin();
    }

    protected override async ValueTask ReleaseAsync()
    {
        if (_rows is not null)
        {
            await _rows.DisposeAsync().ConfigureAwait(false);
        }

        if (_session is not null)
        {
            await _session.DisposeAsync().ConfigureAwait(false);
        }
    }

    protected override async Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextRowsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _rows is null ? null : await _rows.NextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SqlSessionException e)
        {
            throw new QueryFailedException(e.Message, e);
        }
    }

    protected override async Task<QueryResult> RunAsync(CancellationToken cancellationToken)
    {
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
