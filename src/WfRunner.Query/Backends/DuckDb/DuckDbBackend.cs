using System.Globalization;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// Runs queries on DuckDB inside this process: no account, no network. One database file stands for each Treasure Data database;
/// files in <c>data/&lt;database&gt;/</c> of the project appear as tables. Behaviour: operators-td 24.
/// </summary>
public sealed class DuckDbBackend : IQueryBackend, IDisposable
{
    private readonly DuckDbInstances _instances = new();

    /// <inheritdoc/>
    public string Name => "duckdb";

    /// <inheritdoc/>
    public string? Notice => "Running locally with DuckDB (no Treasure Data account used)";

    /// <inheritdoc/>
    public void Dispose() => _instances.Dispose();

    /// <inheritdoc/>
    public async Task<IQueryJob> SubmitAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var statements = new PrestoToDuckDb(request.ScheduledTime).Rewrite(request.Query);
        if (statements.Count == 0)
        {
            throw new QueryFailedException("Local SQL error: the query is empty");
        }

        var session = await _instances.OpenAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var id = session.NextJobId(request.Database).ToString(CultureInfo.InvariantCulture);
            return new DuckDbJob(id, request, statements, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
