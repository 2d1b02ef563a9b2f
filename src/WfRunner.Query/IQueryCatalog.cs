namespace WfRunner.Query;

/// <summary>
/// The databases and tables of an engine. What is to be there already counts as made, and what is to be gone already as
/// dropped, so that every step may be repeated. Names without a database belong to the scope's.
/// </summary>
public interface IQueryCatalog : IAsyncDisposable
{
    /// <summary>Whether a table exists; a missing database has no tables.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>Whether it does.</returns>
    Task<bool> TableExistsAsync(TableName table, CancellationToken cancellationToken);

    /// <summary>Makes a database.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>A task that ends when it is there.</returns>
    Task CreateDatabaseAsync(string database, CancellationToken cancellationToken);

    /// <summary>Drops a database with all its tables.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>A task that ends when it is gone.</returns>
    Task DropDatabaseAsync(string database, CancellationToken cancellationToken);

    /// <summary>Makes an empty table, whose only column is the time.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>A task that ends when it is there.</returns>
    Task CreateTableAsync(TableName table, CancellationToken cancellationToken);

    /// <summary>Drops a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>A task that ends when it is gone.</returns>
    Task DropTableAsync(TableName table, CancellationToken cancellationToken);

    /// <summary>Gives a table another name in its database; a table of that name is replaced.</summary>
    /// <param name="table">The table; nothing happens when it is gone already.</param>
    /// <param name="newName">The new name, without a database.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>A task that ends when it is renamed.</returns>
    Task RenameTableAsync(TableName table, string newName, CancellationToken cancellationToken);
}
