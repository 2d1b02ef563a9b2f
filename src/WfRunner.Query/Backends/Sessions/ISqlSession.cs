namespace WfRunner.Query.Backends.Sessions;

/// <summary>
/// A connection to an engine that runs one statement after the other. What a job or a catalog does is written once on top of it.
/// Not for use by two threads at once.
/// </summary>
internal interface ISqlSession : IAsyncDisposable
{
    /// <summary>
    /// Statements that begin a transaction which alone changes a table; none where definitions of tables belong to no transaction.
    /// </summary>
    IReadOnlyList<string> Begin(TableName table);

    /// <summary>Runs a statement whose rows do not matter, to its end.</summary>
    /// <exception cref="SqlSessionException">The engine refused.</exception>
    Task ExecuteAsync(string sql, CancellationToken cancellationToken);

    /// <summary>Starts a statement.</summary>
    /// <returns>Its rows, produced as they are read; null when it gives none.</returns>
    /// <exception cref="SqlSessionException">The engine refused.</exception>
    Task<ISqlRows?> OpenAsync(string sql, CancellationToken cancellationToken);

    /// <summary>The columns that a query gives, without running it as far as the engine allows.</summary>
    /// <exception cref="SqlSessionException">The engine refused.</exception>
    Task<IReadOnlyList<QueryColumn>> DescribeAsync(string sql, CancellationToken cancellationToken);

    /// <summary>The columns of a table in order; null when there is no such table.</summary>
    Task<IReadOnlyList<string>?> ColumnsOfTableAsync(TableName table, CancellationToken cancellationToken);

    /// <summary>Makes sure that the place of a table exists.</summary>
    Task PrepareDatabaseAsync(string database, CancellationToken cancellationToken);

    /// <summary>Drops a database with all its tables, if it exists.</summary>
    Task DropDatabaseAsync(string database, CancellationToken cancellationToken);

    /// <summary>The name of a table as the engine takes it.</summary>
    string Qualified(TableName table);

    /// <summary>The engine's type for a new column that takes values of a column of a query.</summary>
    string TypeOf(QueryColumn column);

    /// <summary>The statement that adds a column to a table.</summary>
    string AddColumn(TableName table, QueryColumn column);

    /// <summary>A number as an expression of the type of the column <c>time</c>.</summary>
    string TimeLiteral(long seconds);

    /// <summary>Statements that give a table another name in its place.</summary>
    IEnumerable<string> Rename(TableName table, string newName);
}
