using System.Diagnostics;
using System.Globalization;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary>Ctrl-C on a run.</summary>
public sealed class InterruptTests
{
    private const string CleansUp = """
        +a: {sh>: "echo one >> ran"}
        +b:
          sh>: |
            trap 'echo cleaned up; exit 1' TERM
            echo two >> ran
            echo ready
            while :; do sleep 1000 & wait; done
        +c: {sh>: "echo three >> ran"}
        """;

    private const string DoesNotEnd = """
        +a:
          sh>: |
            trap 'echo told' TERM
            echo ready
            while :; do sleep 1000 & wait; done
        """;

    [Fact]
    public async Task The_script_may_clean_up_and_the_next_run_goes_on()
    {
        using var folder = new TestFolder(("main.dig", CleansUp));
        using var run = Wf.Start(folder, "run", "main.dig", "--session", "2016-12-08");
        await ReadToAsync(run, "ready");

        await InterruptAsync(run);
        var rest = await run.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("cleaned up\n", rest, StringComparison.Ordinal);
        Assert.Equal(130, run.ExitCode);
        folder.Write("main.dig", CleansUp.Replace("while :; do sleep 1000 & wait; done", "exit 0", StringComparison.Ordinal));
        (await Wf.RunAsync(folder, "run", "main.dig", "--session", "2016-12-08")).Exits(0);
        Assert.Equal("one\ntwo\ntwo\nthree\n", folder.Read("ran"));
    }

    [Fact]
    public async Task A_second_one_does_not_wait()
    {
        using var folder = new TestFolder(("main.dig", DoesNotEnd));

        // Longer than any test may take: if the second one had no effect, this would never end.
        using var run = Wf.Start(folder, "run", "main.dig", "-X", "agent.termination_grace_period=3600");
        try
        {
            await ReadToAsync(run, "ready");
            await InterruptAsync(run);

            // Two signals that come at once are one to the system.
            await ReadToAsync(run, "told");
            await InterruptAsync(run);
            await run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

            Assert.Equal(130, run.ExitCode);
        }
        finally
        {
            run.Kill(entireProcessTree: true);
        }
    }

    private static async Task ReadToAsync(Process process, string line)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } next && next != line)
        {
        }
    }

    private static async Task InterruptAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
