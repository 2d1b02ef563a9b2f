namespace WfRunner.Query.Backends.Sessions;

/// <summary>
/// A backend whose engine is spoken to over sessions. The SQL is the engine's own: it gets what the user wrote. Targets are filled
/// the same way everywhere (<see cref="SqlTarget"/>).
/// </summary>
public abstract class SessionBackend : IQueryBackend
{
    private protected SessionBackend()
    {
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string? Notice { get; }

    /// <inheritdoc/>
    public async Task<IQueryJob> SubmitAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = await JobNumbers.NextAsync(request.LocalDirectory, cancellationToken).ConfigureAwait(false);
        return new SessionJob(id, request, OpenSessionAsync);
    }

    /// <inheritdoc/>
    public async Task<IQueryCatalog> OpenCatalogAsync(QueryScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        try
        {
            return new SessionCatalog(await OpenSessionAsync(scope, scope.Database, cancellationToken).ConfigureAwait(false), scope.Database);
        }
        catch (SqlSessionException e)
        {
            throw new QueryFailedException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Explain(QueryRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var statements = SqlStatements.Split(request.Query);
        return [.. statements.Select((s, i) => i < statements.Count - 1 || request.Target is not { } target ? s.Text
            : $"{(target.Mode == QueryTargetMode.Replace ? $"CREATE TABLE {target.Table.ToSql(QueryEngine.Presto)} AS" : $"INSERT INTO {target.Table.ToSql(QueryEngine.Presto)}")}\n{s.Text}")];
    }

    /// <summary>Opens a session whose unqualified names are tables of the scope's database, or of none when that is empty.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="sql">The text that will run, which names the databases it needs.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="SqlSessionException">The engine cannot be reached.</exception>
    private protected abstract Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken);
}
