using WfRunner.Core.Config;
using WfRunner.Query.Backends.Sessions;

namespace WfRunner.Query.Backends.Trino;

/// <summary>Rows page by page; only one page is held. Disposing early ends the statement on the server.</summary>
internal sealed class TrinoRows : ISqlRows
{
    private readonly TrinoProtocol _protocol;
    private readonly string _sql;
    private TrinoPage _page;
    private bool _isPageNew = true;

    private TrinoRows(TrinoProtocol protocol, string sql, TrinoPage page)
    {
        _protocol = protocol;
        _sql = sql;
        _page = page;
    }

    public IReadOnlyList<QueryColumn> Columns => _page.Columns ?? [];

    /// <summary>Whether the rows are a result, and not only the count of a change.</summary>
    public bool HasResult => _page.Columns is not null && !_page.IsUpdate;

    /// <summary>Starts a statement and fetches pages until its columns are known or it has ended.</summary>
    public static async Task<TrinoRows> OpenAsync(TrinoProtocol protocol, string sql, CancellationToken cancellationToken)
    {
        var rows = new TrinoRows(protocol, sql, await protocol.StartAsync(sql, cancellationToken).ConfigureAwait(false));
        try
        {
            while (rows._page is { Columns: null, NextAddress: { } next })
            {
                rows._page = await protocol.NextAsync(next, sql, cancellationToken).ConfigureAwait(false);
            }

            return rows;
        }
        catch (OperationCanceledException)
        {
            await rows.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<IReadOnlyList<IReadOnlyList<ConfigValue>>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_isPageNew)
            {
                _isPageNew = false;
                if (_page.Rows.Count > 0)
                {
                    return _page.Rows;
                }
            }

            if (_page.NextAddress is not { } next)
            {
                return null;
            }

            var columns = _page.Columns;
            _page = await _protocol.NextAsync(next, _sql, cancellationToken).ConfigureAwait(false);
            _page = _page.Columns is null ? _page with { Columns = columns } : _page;
            _isPageNew = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_page.NextAddress is { } next)
        {
            _page = _page with { NextAddress = null };
            await _protocol.EndAsync(next).ConfigureAwait(false);
        }
    }
}
