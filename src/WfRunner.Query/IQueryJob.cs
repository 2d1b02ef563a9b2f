using WfRunner.Core.Config;

namespace WfRunner.Query;

/// <summary>One query that was submitted. Disposing a job that still runs cancels it.</summary>
public interface IQueryJob : IAsyncDisposable
{
    /// <summary>Identity of the job, as shown to the user and stored in <c>td.last_job_id</c>.</summary>
    QueryJobId Id { get; }

    /// <summary>Where the job stands now; never waits for the query.</summary>
    /// <param name="cancellationToken">Ends the question, not the query.</param>
    /// <returns>The status.</returns>
    Task<QueryJobStatus> PollAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the statements ran: the columns are known then, and whatever the query writes is written.</summary>
    /// <param name="cancellationToken">Cancels the query itself.</param>
    /// <returns>The result, whose rows are still to be read.</returns>
    /// <exception cref="QueryFailedException">The query failed.</exception>
    /// <exception cref="OperationCanceledException">The query was cancelled.</exception>
    Task<QueryResult> WaitAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Streams the rows of the result, once. A row has one value per column: integers, doubles, booleans and texts as such, NULL
    /// as <see cref="ConfigNull"/>, decimals, dates and times as text in Presto's spelling, nested values as JSON (operators-td
    /// 24). Doubles may be NaN or infinite. Rows are produced as they are read; a large result is never held as a whole.
    /// </summary>
    /// <param name="cancellationToken">Cancels the query itself.</param>
    /// <returns>The rows in the order of the query; none for a job without a result.</returns>
    /// <exception cref="QueryFailedException">The query failed while it produced rows.</exception>
    IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadRowsAsync(CancellationToken cancellationToken);

    /// <summary>Ends the query if it still runs and waits until the engine has let go of it. No effect on a finished job.</summary>
    /// <param name="cancellationToken">Bounds the waiting.</param>
    /// <returns>A task that ends when the query has ended.</returns>
    Task CancelAsync(CancellationToken cancellationToken);
}
