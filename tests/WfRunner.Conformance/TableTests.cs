using WfRunner.Conformance.Tables;

namespace WfRunner.Conformance;

/// <summary>
/// Every recorded row of the real Digdag. Rows that are not matched stand in <c>Data/differences.tsv</c> with the reason; the test
/// fails when another row stops matching, and also when a listed one starts to, so that the list stays true.
/// </summary>
public sealed class TableTests
{
    [Theory]
    [InlineData("yaml")]
    [InlineData("workflows")]
    [InlineData("schedules")]
    [InlineData("templates")]
    public void Every_row_but_the_listed_ones_matches(string table)
    {
        var listed = File.ReadLines(Data("differences.tsv")).Select(l => l.Split('\t')).Where(l => l[0] == table).Select(l => l[1]).ToHashSet();
        var (passed, mismatches) = TableRun.Compare(Data(table + ".jsonl.gz"));
        var found = mismatches.ToDictionary(m => m[..m.IndexOf(':', StringComparison.Ordinal)]);

        Assert.True(passed > 600, "the table was read");
        Assert.Empty(found.Where(m => !listed.Contains(m.Key)).Select(m => m.Value));
        Assert.Empty(listed.Except(found.Keys));
    }

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", file);
}
