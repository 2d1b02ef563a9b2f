using WfRunner.Core.Config;
using WfRunner.Query.Dialect;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// One query on DuckDB. Its life: translate, take a share in the engine, prepare the databases, wait for the writers' turn if it
/// writes, run the statements, keep the last one's result open for the reader.
/// </summary>
internal sealed class DuckDbJob : EngineJob
{
    private readonly QueryRequest _request;
    private DuckDbInstances.Lease? _lease;
    private DuckDbSession? _session;
    private DuckDbResult? _rows;

    public DuckDbJob(QueryJobId id, QueryRequest request)
        : base(id)
    {
        _request = request;
        Begin();
    }

    protected override ValueTask ReleaseAsync()
    {
        _rows?.Dispose();
        _session?.Dispose();
        _lease?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<QueryResult> RunAsync(CancellationToken cancellationToken)
    {
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

    protected override async Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextRowsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _rows is null ? null : await BlockingWork.RunAsync(_rows.FetchRows, _session!.Interrupt, cancellationToken).ConfigureAwait(false);
        }
        catch (DuckDbException e)
        {
            throw new QueryFailedException($"Local SQL error: {e.FirstLine}", e);
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
}
