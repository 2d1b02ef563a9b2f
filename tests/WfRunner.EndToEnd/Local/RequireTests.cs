using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary>A run that starts another workflow.</summary>
public sealed class RequireTests
{
    [Fact]
    public async Task A_limit_of_tasks_counts_over_both_workflows()
    {
        using var folder = new TestFolder(
            ("main.dig", "+r: {require>: other}\n+b: {echo>: done}\n"),
            ("other.dig", "_parallel: true\n+a: {sh>: \"echo from; sleep 0.2; echo to\"}\n+b: {sh>: \"echo from; sleep 0.2; echo to\"}\n"));

        var run = (await Wf.RunAsync(folder, "run", "main", "--max-task-threads", "1")).Exits(0);

        Assert.Equal(["from", "to", "from", "to", "done"], run.Lines.Where(l => l is "from" or "to" or "done"));
    }
}
