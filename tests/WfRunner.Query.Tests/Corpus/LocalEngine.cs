using NodaTime;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Corpus;

/// <summary>A database for the queries of a corpus, with its tables.</summary>
public sealed class LocalEngine : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-corpus-");
    private readonly DuckDbBackend _backend = new();
    private IQueryCatalog? _catalog;

    /// <summary>The text of a file of the corpus.</summary>
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Corpus", name));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_catalog is not null)
        {
            await _catalog.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Runs a query; each row as JSON.</summary>
    public async Task<List<string>> RowsAsync(string query, CancellationToken cancellationToken)
    {
        var request = new QueryRequest
        {
            ProjectDirectory = _folder.FullName,
            LocalDirectory = Path.Combine(_folder.FullName, "local"),
            Database = "corpus",
            Statement = query,
            Query = query,
            ScheduledTime = Instant.FromUnixTimeSeconds(1710270306),
        };

        // An open catalog keeps the engine between the queries.
        _catalog ??= await _backend.OpenCatalogAsync(request, cancellationToken);
        await using var job = await _backend.SubmitAsync(request, cancellationToken);
        await job.WaitAsync(cancellationToken);
        var rows = new List<string>();
        await foreach (var row in job.ReadRowsAsync(cancellationToken))
        {
            rows.Add("[" + string.Join(",", row.Select(v => v.ToString())) + "]");
        }

        return rows;
    }
}
