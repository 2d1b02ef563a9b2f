namespace WfRunner.Conformance;

/// <summary>
/// Every recorded case of the real Digdag, run with the built program. Cases that differ stand in <c>Data/case-differences.tsv</c>
/// with the reason; a listed case that starts to pass fails the test, so that the list stays true.
/// </summary>
public sealed class CaseTests
{
    private static readonly Dictionary<string, string> Listed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Data", "case-differences.tsv"))
        .Select(l => l.Split('\t')).ToDictionary(l => l[0], l => l[1], StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. CaseRun.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_program_does_what_Digdag_did(string name)
    {
        var differences = await CaseRun.DifferencesOfAsync(name);

        if (Listed.TryGetValue(name, out var reason))
        {
            Assert.True(differences is not null, $"passes now, so the list need not excuse it any more: {reason}");
        }
        else
        {
            Assert.True(differences is null, differences);
        }
    }

    [Fact]
    public void Every_listed_case_exists() => Assert.Empty(Listed.Keys.Except(CaseRun.Names));
}
