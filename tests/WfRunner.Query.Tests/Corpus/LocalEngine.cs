using NodaTime;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Corpus;

/// <summary>A database for the queries of a corpus, with its tables.</summary>
public sealed class LocalEngine : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-corpus-");
    private readonly DuckDbBackend _backend = new();

    /// <summary>The text of a file of the corpus.</summary>
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Corpus", name));

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Runs a query; each row as JSON.</summary>
    public async Task<List<string>> RowsAsync(string query, CancellationToken cancellationToken)
    {
        await using var job = await _backend.SubmitAsync(
            new QueryRequest
            {
                ProjectDirectory = _folder.FullName,
                LocalDirectory = Path.Combine(_folder.FullName, "local"),
                Database = "corpus",
                Statement = query,
                Query = query,
                ScheduledTime = Instant.FromUnixTimeSeconds(1710270306),
            },
            cancellationToken);
        await job.WaitAsync(cancellationToken);
        var rows = new List<string>();
        await foreach (var row in job.ReadRowsAsync(cancellationToken))
        {
            rows.Add("[" + string.Join(",", row.Select(v => v.ToString())) + "]");
        }

        return rows;
    }
}
