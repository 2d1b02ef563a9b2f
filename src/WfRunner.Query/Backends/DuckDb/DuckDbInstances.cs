using DuckDB.NET.Data;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// The open engines of this process, one a folder of databases: all its databases are attached to one engine, so that a query
/// can name tables of several, and so that two tasks never open the same file twice. An engine is closed with its last
/// session, so that other processes can open the files.
/// </summary>
internal sealed class DuckDbInstances : IDisposable
{
    private readonly Dictionary<string, (DuckDbInstance Instance, int Users)> _open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);

    public async Task<DuckDbSession> OpenAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var key = request.LocalDirectory;
            var (instance, users) = _open.TryGetValue(key, out var known) ? known : (new DuckDbInstance(key), 0);
            try
            {
                await instance.AttachAsync(request, cancellationToken).ConfigureAwait(false);
                var connection = instance.Connect(request.Database);
                _open[key] = (instance, users + 1);
                return new DuckDbSession(connection, () => Release(key));
            }
            catch
            {
                if (users == 0)
                {
                    instance.Dispose();
                }

                throw;
            }
        }
        catch (DuckDBException e)
        {
            throw DuckDbError.Translate(e, linesBefore: 0);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private void Release(string key)
    {
        _gate.Wait();
        try
        {
            var (instance, users) = _open[key];
            if (users > 1)
            {
                _open[key] = (instance, users - 1);
                return;
            }

            _open.Remove(key);
            instance.Dispose();
        }
        finally
        {
            _gate.Release();
        }
    }
}
