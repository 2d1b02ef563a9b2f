using NodaTime;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Corpus;

/// <summary>
/// One query for each feature that <c>td&gt;</c> files use (operators-td 19 to 23), by name, each run as it is.
/// </summary>
public sealed class FeatureCorpusTests : IDisposable
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Queries = new(ReadQueries);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-corpus-");
    private readonly DuckDbBackend _backend = new();

    public static TheoryData<string> Names => [.. Queries.Value.Keys];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_query_of_the_corpus_runs_on_DuckDB_as_it_is(string name)
    {
        await RunAsync(await File.ReadAllTextAsync(PathOf("feature-tables.sql"), TestContext.Current.CancellationToken));

        Assert.Null(await Record.ExceptionAsync(() => RunAsync(Queries.Value[name])));
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Corpus", file);

    private static Dictionary<string, string> ReadQueries() => File.ReadAllText(PathOf("feature-queries.sql"))
        .Split("-- name: ", StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('\n', 2))
        .ToDictionary(part => part[0].Trim(), part => part[1]);

    private async Task RunAsync(string query)
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
            TestContext.Current.CancellationToken);
        await job.WaitAsync(TestContext.Current.CancellationToken);
        await foreach (var row in job.ReadRowsAsync(TestContext.Current.CancellationToken))
        {
            Assert.NotEmpty(row);
        }
    }
}
