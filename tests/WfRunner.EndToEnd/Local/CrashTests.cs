using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary>A run that is killed at any instant goes on with the same command, and no task that succeeded runs again.</summary>
public sealed class CrashTests
{
    private const int Kills = 200;

    private const string Workflow = """
        +first:
          sh>: echo first >> ran
        +side:
          _parallel: true
          +a: {sh>: echo a >> ran}
          +b: {sh>: echo b >> ran}
          +c: {sh>: echo c >> ran}
        +loop:
          loop>: 4
          _do:
            +x: {sh>: "echo loop${i} >> ran"}
            +y: {echo>: "${i}"}
        +decide:
          if>: true
          _do:
            sh>: echo decided >> ran
        +last:
          sh>: echo last >> ran
        """;

    private static readonly Dictionary<string, string> StatusOf = new(StringComparer.Ordinal)
    {
        ["first"] = "+main+first",
        ["a"] = "+main+side+a",
        ["b"] = "+main+side+b",
        ["c"] = "+main+side+c",
        ["loop0"] = "+main+loop^sub+loop-0+x",
        ["loop1"] = "+main+loop^sub+loop-1+x",
        ["loop2"] = "+main+loop^sub+loop-2+x",
        ["loop3"] = "+main+loop^sub+loop-3+x",
        ["decided"] = "+main+decide^sub",
        ["last"] = "+main+last",
    };

    [Fact]
    public async Task Killed_at_any_instant_no_succeeded_task_runs_again()
    {
        using var folder = new TestFolder(("main.dig", Workflow));
        var random = new Random(20161208);
        var kills = 0;
        var resumed = 0;
        for (var session = 0; kills < Kills; session++)
        {
            var time = new DateTime(2016, 1, 1).AddMinutes(session).ToString("yyyy-MM-dd HH:mm:00", System.Globalization.CultureInfo.InvariantCulture);
            folder.Write("ran", string.Empty);
            var saved = new HashSet<string>(StringComparer.Ordinal);
            while (true)
            {
                var before = Ran(folder).Count;
                if (!await KillAsync(folder, time, random.Next(1, 60)))
                {
                    break;
                }

                kills++;
                Assert.DoesNotContain(Ran(folder).Skip(before), name => saved.Contains(StatusOf[name]));
                saved = Saved(folder, time);
                resumed += saved.Count;
            }

            var end = (await Wf.RunAsync(folder, "run", "main.dig", "--session", time)).Exits(0).ShowsNoTrace();
            Assert.DoesNotContain("Ignoring the status file", end.Out, StringComparison.Ordinal);
            Assert.Empty(StatusOf.Keys.Except(Ran(folder)));
        }

        Assert.True(resumed > Kills, "kills came too early to prove anything");
    }

    // Whether the process was killed before it ended by itself.
    private static async Task<bool> KillAsync(TestFolder folder, string session, int milliseconds)
    {
        using var process = Wf.Start(folder, "run", "main.dig", "--session", session);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var ended = process.WaitForExit(milliseconds);
        if (!ended)
        {
            process.Kill(entireProcessTree: false);
        }

        // The pipes close when the shells that outlive their parent have written what they had to.
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(output, error);
        return !ended && process.ExitCode != 0;
    }

    private static List<string> Ran(TestFolder folder) => [.. folder.Read("ran").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static HashSet<string> Saved(TestFolder folder, string session)
    {
        var directory = folder.PathOf($".digdag/status/{session.Replace("-", string.Empty, StringComparison.Ordinal).Replace(":", string.Empty, StringComparison.Ordinal).Replace(' ', 'T')}+0000");
        return Directory.Exists(directory)
            ? [.. Directory.EnumerateFiles(directory, "*.yml").Select(p => Path.GetFileNameWithoutExtension(p))]
            : [];
    }
}
