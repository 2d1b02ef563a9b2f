using System.Globalization;
using System.Text;
using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Query.Backends.DuckDb;

namespace WfRunner.Query.Tests.Samples;

/// <summary>The sample's queries against a computation that shares nothing with the engine: no SQL, another CSV reader.</summary>
public sealed class SampleQueriesTests : IDisposable
{
    private const long Start = 1481155200; // 2016-12-08 00:00:00 UTC, inclusive
    private const long End = 1481158800; // 2016-12-08 01:00:00 UTC, exclusive

    private readonly DirectoryInfo _local = Directory.CreateTempSubdirectory("wf-sample-");

    private static string Sample => Path.Combine(AppContext.BaseDirectory, "samples", "wf_sample");

    public void Dispose() => _local.Delete(recursive: true);

    [Theory]
    [InlineData("queries/sum1.sql", "data/test/test1.csv")]
    [InlineData("queries/sum2.sql", "data/test/test2.csv")]
    public async Task A_query_counts_what_the_file_holds(string query, string csv)
    {
        var request = new QueryRequest
        {
            ProjectDirectory = Sample,
            LocalDirectory = _local.FullName,
            Database = "test",
            Statement = string.Empty,
            Query = await File.ReadAllTextAsync(Path.Combine(Sample, query), TestContext.Current.CancellationToken),
            ScheduledTime = Instant.FromUtc(2016, 12, 8, 0, 0),
        };
        await using var job = await new DuckDbBackend().SubmitAsync(request, TestContext.Current.CancellationToken);
        var result = await job.WaitAsync(TestContext.Current.CancellationToken);
        var found = new List<string>();
        await foreach (var row in job.ReadRowsAsync(TestContext.Current.CancellationToken))
        {
            found.Add(string.Join('|', row.Select(v => v is ConfigText text ? text.Value : v.ToString())));
        }

        Assert.Equal(["created_by", "ip", "uu", "logs"], result.Columns.Select(c => c.Name));
        Assert.Equal(Truth(Path.Combine(Sample, csv)), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("data/test/test1.csv")]
    [InlineData("data/test/test2.csv")]
    public void A_file_has_the_cases_that_matter(string csv)
    {
        var rows = Parse(File.ReadAllText(Path.Combine(Sample, csv))).Skip(1).ToList();
        var times = rows.ConvertAll(r => long.Parse(r[0]!, CultureInfo.InvariantCulture));

        Assert.Equal(10_000, rows.Count);
        Assert.All((long[])[Start - 1, Start, End - 1, End], t => Assert.Contains(t, times));
        Assert.All(Enumerable.Range(1, 3), column => Assert.Contains(rows, r => r[column] is null));
        Assert.Contains(rows, r => r[1]?.Contains(',', StringComparison.Ordinal) == true);
        Assert.Contains(rows, r => r[3]?.Any(c => c > 0x3000) == true);
    }

    private static IEnumerable<string> Truth(string csv) => Parse(File.ReadAllText(csv)).Skip(1)
        .Where(r => long.Parse(r[0]!, CultureInfo.InvariantCulture) is >= Start and < End)
        .GroupBy(r => r[1] ?? "null")
        .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key}|{Distinct(g, 2)}|{Distinct(g, 3)}|{g.Count()}"))
        .Order(StringComparer.Ordinal);

    private static int Distinct(IEnumerable<IReadOnlyList<string?>> rows, int column) =>
        rows.Select(r => r[column]).OfType<string>().Distinct(StringComparer.Ordinal).Count();

    // RFC 4180; an empty field without quotes is NULL.
    private static IEnumerable<IReadOnlyList<string?>> Parse(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var row = new List<string?>();
            do
            {
                row.Add(Field(text, ref at));
            }
            while (text[at++] == ',');

            yield return row;
        }
    }

    private static string? Field(string text, ref int at)
    {
        if (text[at] != '"')
        {
            var start = at;
            at = text.IndexOfAny([',', '\n'], at);
            return at == start ? null : text[start..at];
        }

        var field = new StringBuilder();
        for (at++; text[at] != '"' || text[at + 1] == '"'; at++)
        {
            field.Append(text[at]);
            at += text[at] == '"' ? 1 : 0;
        }

        at++;
        return field.ToString();
    }
}
