namespace WfRunner.Query;

/// <summary>
/// An engine that runs queries of <c>td&gt;</c> tasks: the life of a query is submit, wait, read rows; cancelling the wait ends it
/// on the engine. Implementations stand in <c>Backends/</c>, one folder each.
/// </summary>
public interface IQueryBackend
{
    /// <summary>Name in configuration and logs, for example <c>duckdb</c>.</summary>
    string Name { get; }

    /// <summary>One line that tells the user which engine runs, for the log; null when it is the one that would be expected.</summary>
    string? Notice { get; }

    /// <summary>Takes a query on; it does not run before it is waited for.</summary>
    /// <param name="request">The query.</param>
    /// <param name="cancellationToken">Ends the submission.</param>
    /// <returns>The job.</returns>
    Task<IQueryJob> SubmitAsync(QueryRequest request, CancellationToken cancellationToken);
}
