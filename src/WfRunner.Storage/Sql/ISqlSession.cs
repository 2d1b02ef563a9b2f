using System.Data.Common;

namespace WfRunner.Storage.Sql;

/// <summary>
/// One connection while somebody works on it, whichever database it leads to; parameters of statements are named <c>$1</c>, <c>$2</c> and
/// so on. What is written once for both databases uses it; what must be fast on one of them uses that one's own session.
/// </summary>
internal interface ISqlSession
{
    /// <summary>At the end of a query: nobody else changes its rows until the transaction ends.</summary>
    string ForUpdate { get; }

    /// <summary>At the end of a query: nobody else deletes its rows, or changes their keys, until the transaction ends.</summary>
    string ForKeyShare { get; }

    /// <summary>The condition that a column of truth values is true, in words that indexes are defined with.</summary>
    string Is(string column);

    /// <summary>The condition that it is false.</summary>
    string IsNot(string column);

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows it changed.</returns>
    Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params Argument[] arguments);

    /// <summary>Reads all rows of a query.</summary>
    Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params Argument[] arguments);

    /// <summary>Waits until nobody else is between here and the end of a transaction for the same reason.</summary>
    /// <param name="reason">What it is about.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task TakeTurnAsync(string reason, CancellationToken cancellationToken);

    /// <summary>With the commit, tells all nodes that there may be attempts that nobody runs.</summary>
    Task SignalAttemptsFreeAsync(CancellationToken cancellationToken);
}
