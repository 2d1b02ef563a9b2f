using WfRunner.Query.Dialect;
using WfRunner.Query.Sql;

namespace WfRunner.Query.Backends.DuckDb;

/// <summary>
/// Runs queries on DuckDB inside this process: no account, no network. One database file stands for each Treasure Data database;
/// files in <c>data/&lt;database&gt;/</c> of the project appear as tables. Behaviour: operators-td 24.
/// </summary>
public sealed class DuckDbBackend : IQueryBackend
{
    /// <inheritdoc/>
    public string Name => "duckdb";

    /// <inheritdoc/>
    public string? Notice => "Running locally with DuckDB (no Treasure Data account used)";

    /// <inheritdoc/>
    public async Task<IQueryJob> SubmitAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = await JobNumbers.NextAsync(request.LocalDirectory, cancellationToken).ConfigureAwait(false);
        return new DuckDbJob(id, request);
    }

    /// <inheritdoc/>
    public Task<IQueryCatalog> OpenCatalogAsync(QueryScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return Task.FromResult<IQueryCatalog>(new DuckDbCatalog(scope, DuckDbInstances.Acquire(scope.LocalDirectory)));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Explain(QueryRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var statements = Translate(request);
        return [.. statements.Select((s, i) => i < statements.Count - 1 || request.Target is null ? s.Output().Text : StatementRun.IntoTable(s, request).Text)];
    }

    /// <summary>The statements of a query as DuckDB runs them.</summary>
    internal static IReadOnlyList<SqlStatement> Translate(QueryRequest request)
    {
        try
        {
            return Read(new DialectSettings(request.ReferenceTime.ToUnixTimeSeconds(), request.Engine, w => request.Warn?.Invoke(w)), request.Query);
        }
        catch (Functions.SqlFunctionException e)
        {
            throw new QueryFailedException($"Local SQL error: {e.Message}", e);
        }
    }

    private static List<SqlStatement> Read(DialectSettings settings, string query) =>
    [
        .. new PrestoToDuckDb(settings).Rewrite(query).Select((s, i) => s with
        {
            ReadAgain = refusal => OtherThan(settings, refusal, query) is { } other ? Read(other with { Warn = static _ => { } }, query)[i] : null,
        }),
    ];

    // How DuckDB says that something is no map, that a column without a type is cast, that an element is no array.
    private static DialectSettings? OtherThan(DialectSettings settings, QueryFailedException refusal, string query)
    {
        if (!settings.UnnestsRows && refusal.Message.Contains("'map_keys(STRUCT", StringComparison.Ordinal))
        {
            return settings with { UnnestsRows = true };
        }

        if (!settings.KeepsCasts && refusal.Message.Contains("() has multiple overloads", StringComparison.Ordinal))
        {
            return settings with { KeepsCasts = true };
        }

        if (!settings.CarriesOtherType && refusal.Message.Contains("The initial value type must be the same", StringComparison.Ordinal))
        {
            return settings with { CarriesOtherType = true };
        }

        if (Concatenation.WrapsLeft(refusal.Message) is not { } wrapsLeft)
        {
            return null;
        }

        // A place in text of our own leads to no operator; then all of them are meant.
        var offset = refusal is { Line: { } line, Column: { } column } ? SqlPlace.OffsetOf(query, line, column) : -1;
        var element = settings.Elements.Contains((offset, wrapsLeft)) ? (-1, wrapsLeft) : (offset, wrapsLeft);
        return settings.Elements.Contains(element) ? null : settings with { Elements = [.. settings.Elements, element] };
    }
}
