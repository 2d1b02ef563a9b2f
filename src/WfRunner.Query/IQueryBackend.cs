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

    /// <summary>
    /// Whether jobs go on without this process, so that a task need not wait in it: it submits, is called again later, and asks with
    /// <see cref="Attach"/> where the job stands.
    /// </summary>
    bool OutlivesProcess => false;

    /// <summary>
    /// Whether the settings speak of this backend's service, so that tasks which name no backend belong there and must never run
    /// anywhere else.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <returns>Whether they do.</returns>
    bool IsConfigured(BackendSettings settings) => false;

    /// <summary>Starts a query.</summary>
    /// <param name="request">The query.</param>
    /// <param name="cancellationToken">Ends the submission; a query that has started is ended by <see cref="IQueryJob.CancelAsync"/>.</param>
    /// <returns>The job, whose <see cref="IQueryJob.Id"/> is known; the caller disposes it.</returns>
    /// <exception cref="QueryFailedException">The engine refused the query.</exception>
    Task<IQueryJob> SubmitAsync(QueryRequest request, CancellationToken cancellationToken);

    /// <summary>The SQL that the engine would get, without running anything.</summary>
    /// <param name="request">The query.</param>
    /// <returns>The statements.</returns>
    /// <exception cref="QueryFailedException">The query cannot be put into the engine's SQL.</exception>
    IReadOnlyList<string> Explain(QueryRequest request);

    /// <summary>A job that was submitted earlier, perhaps by another process.</summary>
    /// <param name="id">Its identity.</param>
    /// <param name="scope">The scope it was submitted in.</param>
    /// <returns>The job. Disposing it does not cancel it.</returns>
    /// <exception cref="NotSupportedException">Jobs of this backend end with the process.</exception>
    IQueryJob Attach(QueryJobId id, QueryScope scope) => throw new NotSupportedException($"jobs of {Name} end with the process");

    /// <summary>Opens the databases and tables of the engine.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The catalog; the caller disposes it.</returns>
    /// <exception cref="QueryFailedException">The engine cannot be used.</exception>
    Task<IQueryCatalog> OpenCatalogAsync(QueryScope scope, CancellationToken cancellationToken);
}
