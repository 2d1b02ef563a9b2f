namespace WfRunner.Query;

/// <summary>
/// An engine that runs the queries of <c>td&gt;</c> and its relatives. The life of a query is the same everywhere: submit, await,
/// stream the rows, or cancel. Implementations stand in <c>Backends/</c>, hold no state of a single task and serve all tasks at once.
/// </summary>
public interface IQueryBackend
{
    /// <summary>The name that selects the backend, for example <c>duckdb</c>.</summary>
    string Name { get; }

    /// <summary>
    /// What each task says once at INFO before its first query, because the user must know where it ran; null when there is nothing
    /// to say.
    /// </summary>
    string? Notice { get; }

    /// <summary>Starts a query.</summary>
    /// <param name="request">The query.</param>
    /// <param name="cancellationToken">Ends the submission; a query that has started is ended by <see cref="IQueryJob.CancelAsync"/>.</param>
    /// <returns>The job, whose <see cref="IQueryJob.Id"/> is known; the caller disposes it.</returns>
    /// <exception cref="QueryFailedException">The engine refused the query.</exception>
    Task<IQueryJob> SubmitAsync(QueryRequest request, CancellationToken cancellationToken);
}
