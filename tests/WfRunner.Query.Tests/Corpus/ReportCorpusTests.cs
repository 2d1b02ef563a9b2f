namespace WfRunner.Query.Tests.Corpus;

/// <summary>Queries of reports as people write them for <c>td&gt;</c>, each with its rows, run as they are.</summary>
public sealed class ReportCorpusTests(LocalEngine engine) : IClassFixture<LocalEngine>
{
    private static readonly Lazy<IReadOnlyDictionary<string, (string Query, string[] Rows)>> Queries = new(ReadQueries);

    private static readonly SemaphoreSlim Filling = new(1, 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Queries.Value.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_query_gives_its_rows(string name)
    {
        await FillAsync();
        var (query, expected) = Queries.Value[name];

        Assert.Equal(expected, await engine.RowsAsync(query, Cancellation));
    }

    private static Dictionary<string, (string Query, string[] Rows)> ReadQueries() => LocalEngine.Text("report-queries.sql")
        .Split("-- name: ", StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('\n', 2))
        .ToDictionary(part => part[0].Trim(), part => part[1].Split("-- rows:") is [var query, var rows]
            ? (query.Trim(), rows.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            : throw new InvalidDataException(part[0]));

    private async Task FillAsync()
    {
        await Filling.WaitAsync(Cancellation);
        try
        {
            if ((await engine.RowsAsync("show tables", Cancellation)).Count == 0)
            {
                await engine.RowsAsync(LocalEngine.Text("feature-tables.sql"), Cancellation);
            }
        }
        finally
        {
            Filling.Release();
        }
    }
}
