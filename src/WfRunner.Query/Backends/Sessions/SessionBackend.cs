using WfRunner.Query.Dialect;
using WfRunner.Query.Functions;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.Sessions;

/// <summary>
/// A backend whose engine is spoken to over sessions. The user writes Presto SQL, which a dialect turns into the engine's own; targets
/// are filled the same way everywhere (<see cref="SqlTarget"/>).
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
        return new SessionJob(id, request, this);
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
        var statements = Translate(request);
        return [.. statements.Select((s, i) => i < statements.Count - 1 || request.Target is not { } target ? s.Text
            : $"{(target.Mode == QueryTargetMode.Replace ? $"CREATE TABLE {target.Table.ToSql(QueryEngine.Presto)} AS" : $"INSERT INTO {target.Table.ToSql(QueryEngine.Presto)}")}\n{s.Text}")];
    }

    /// <summary>Opens a session whose unqualified names are tables of the scope's database, or of none when that is empty.</summary>
    /// <param name="scope">The scope.</param>
    /// <param name="sql">The text that will run, which names the databases it needs.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="SqlSessionException">The engine cannot be reached.</exception>
    internal abstract Task<ISqlSession> OpenSessionAsync(QueryScope scope, string sql, CancellationToken cancellationToken);

    /// <summary>The statements of a query in the engine's SQL.</summary>
    /// <exception cref="QueryFailedException">Something in the query has no counterpart there.</exception>
    internal virtual IReadOnlyList<SqlText> Translate(QueryRequest request)
    {
        if (request.Engine == QueryEngine.Hive)
        {
            throw new QueryFailedException($"engine: hive cannot run on the backend {Name}; duckdb takes a part of Hive's SQL");
        }

        try
        {
            var settings = new DialectSettings(request.ReferenceTime.ToUnixTimeSeconds(), request.Engine, w => request.Warn?.Invoke(w));
            return [.. DialectFor(settings).Rewrite(request.Query).Select(Text)];
        }
        catch (SqlFunctionException e)
        {
            throw new QueryFailedException(e.Message, e);
        }
    }

    /// <summary>The dialect of the engine.</summary>
    private protected abstract PrestoDialect DialectFor(DialectSettings settings);

    // Without white space and comments around it: engines look at the first word.
    private static SqlText Text(SqlStatement statement)
    {
        var nodes = statement.Nodes;
        var last = SqlTree.Previous(nodes, nodes.Count - 1);
        var output = new SqlOutput().Add(nodes.Take(last + 1).Skip(SqlTree.Next(nodes, 0)));
        return new SqlText(output.Text, output.SourceOffsetOfText);
    }
}
