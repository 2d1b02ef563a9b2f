using System.Diagnostics;
using System.Text.Json;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Server;

/// <summary>
/// A short run of <c>tests/chaos/chaos.py</c>: real servers on a real database are killed, stopped and restarted while they work. What is
/// counted comes from triggers of the database, whatever the machine's speed.
/// </summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("--seed", "11")]
    [InlineData("--seed", "12", "--crash-database")]
    public async Task Whatever_is_killed_no_task_is_lost_and_none_that_succeeded_runs_again(params string[] more)
    {
        var start = new ProcessStartInfo
        {
            FileName = "python3",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])
            [Path.Combine(AppContext.BaseDirectory, "chaos", "chaos.py"), Wf.Binary, "--attempts", "35", "--pace", "0.25", "--json", .. more])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Longest);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);

        Assert.True(process.ExitCode is 0 or 1, await error);
        using var result = JsonDocument.Parse(await output);
        var numbers = result.RootElement;
        Assert.Equal(
            (35, 0, 0, 0),
            (Number("attempts"), Number("attemptsNotSuccessful"), Number("tasksLost"), Number("succeededTasksRunAgain")));
        Assert.True(numbers.GetProperty("events").EnumerateObject().Sum(e => e.Value.GetInt32()) > 0, "nothing was hurt");

        int Number(string name) => numbers.GetProperty(name).GetInt32();
    }
}
