using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary>The sample with an operator of its own.</summary>
public sealed class PluginTests
{
    [Fact]
    public async Task The_sample_waits_and_tells()
    {
        using var folder = TestFolder.WithSample(name: "plugin");

        Assert.DoesNotContain("WF0713", (await Wf.RunAsync(folder, "check")).Exits(0).Out, StringComparison.Ordinal);
        var run = (await Wf.RunAsync(folder, "run", "main")).Exits(0);

        Assert.Contains("\narrived.txt has 8 bytes\n", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"arrived\.txt is there \(looked [2-9] times\)", run.Out);
    }

    [Fact]
    public async Task Switched_off_its_operator_is_unknown()
    {
        using var folder = TestFolder.WithSample(name: "plugin");

        var run = (await Wf.RunAsync(folder, "run", "main", "-X", "plugin.enabled=false")).Exits(1);

        Assert.Contains("Unknown task type: wait_file", run.Error, StringComparison.Ordinal);
    }
}
