using NodaTime;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Corpus;

/// <summary>
/// A corpus of queries such as people write for Presto, unchanged, on DuckDB. Each must run, but for those in <see cref="Gaps"/>, which
/// must say what is missing.
/// </summary>
public sealed class CorpusTests : IDisposable
{
    private const double Wanted = 0.99;

    // What the local engine has no counterpart for, by the words of its refusal.
    private static readonly string[] Gaps = ["is not supported in local mode"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-corpus-");
    private readonly DuckDbBackend _backend = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nearly_all_queries_run_and_the_others_say_why()
    {
        await RunAsync(Text("tables.sql"));
        var queries = Text("queries.sql").Split("\n;;\n");
        var failures = new List<string>();
        foreach (var query in queries)
        {
            try
            {
                await RunAsync(query);
            }
            catch (QueryFailedException e)
            {
                failures.Add($"{e.Message}\n    {query.Trim()}");
            }
        }

        var share = 1 - ((double)failures.Count / queries.Length);
        TestContext.Current.SendDiagnosticMessage($"{queries.Length - failures.Count} of {queries.Length} queries run");
        Assert.True(share >= Wanted, $"only {share:P1} of {queries.Length} run:\n{string.Join('\n', failures)}");
        Assert.All(failures, f => Assert.Contains(Gaps, gap => f.Contains(gap, StringComparison.Ordinal)));
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Corpus", name));

    private async Task RunAsync(string query)
    {
        await using var job = await _backend.SubmitAsync(
            new QueryRequest
            {
                ProjectDirectory = _folder.FullName,
                LocalDirectory = _folder.FullName,
                Database = "test",
                Statement = query,
                Query = query,
                ScheduledTime = Instant.FromUnixTimeSeconds(1710270306),
            },
            Cancellation);
        await foreach (var row in job.ReadRowsAsync(Cancellation))
        {
            Assert.NotEmpty(row);
        }
    }
}
