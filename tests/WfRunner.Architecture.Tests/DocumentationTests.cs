using WfRunner.Core.Diagnostics;

namespace WfRunner.Architecture.Tests;

/// <summary>The documentation says what the program does.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_finding_of_wf_check_is_documented()
    {
        var documented = File.ReadLines(Path.Combine(Repository(), "docs", "check.md")).Where(l => l.StartsWith("| WF", StringComparison.Ordinal));

        Assert.Equal(DiagnosticRules.All.Select(Line), documented);
    }

    private static string Line(DiagnosticRule rule) =>
        "| " + string.Join(" | ", ((string[])[rule.Code, rule.SeverityText, rule.Title, rule.Explanation, rule.Advice])
            .Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))) + " |";

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "WfRunner.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not below the repository");
        }

        return directory;
    }
}
