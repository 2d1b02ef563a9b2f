using WfRunner.Core.Config;

namespace WfRunner.Query;

/// <summary>A query that a backend has taken on. Disposing it releases its result.</summary>
public interface IQueryJob : IAsyncDisposable
{
    /// <summary>Identity of the job on its engine.</summary>
    string Id { get; }

    /// <summary>Runs the query, or follows it, to its end.</summary>
    /// <param name="cancellationToken">Ends the query on the engine.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="QueryFailedException">The engine refused or failed; nothing was changed.</exception>
    Task<QueryCompletion> WaitAsync(CancellationToken cancellationToken);

    /// <summary>The rows of the result, one at a time; at most once, after <see cref="WaitAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The values of each row, in the order of the columns; decimals, dates and times as Presto prints them.</returns>
    IAsyncEnumerable<IReadOnlyList<ConfigValue>> ReadRowsAsync(CancellationToken cancellationToken);
}
