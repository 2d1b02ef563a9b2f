using System.Text.RegularExpressions;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Server;

/// <summary>Day one with a server: push it, start it there, look at it, pull the plug in the middle.</summary>
public sealed partial class SampleServerTests
{
    [Fact]
    public async Task The_sample_is_pushed_started_and_shown()
    {
        using var folder = TestFolder.WithSample();
        await using var server = await ServerProcess.StartAsync(folder, "--database", folder.PathOf("../db"));

        var push = (await Client("push", "wf_sample")).Exits(0);
        var start = (await Client("start", "wf_sample", "job1", "--session", "now")).Exits(0);
        var attempt = await Eventually.AnswersAsync(() => Client("attempt", "1"), a => !a.Out.Contains("status: running", StringComparison.Ordinal));
        var session = (await Client("session")).Exits(0);
        var tasks = (await Client("tasks", "1")).Exits(0);
        var log = (await Client("log", "1")).Exits(0);

        Assert.Matches(
            @"\ACreating \S*\.digdag/tmp/archive-\w+\.tar\.gz\.\.\.\n(  Archiving .+\n)+Workflows:\n  job1(\.dig)?\nUploaded:\n  id: 1\n  name: wf_sample\n  revision: [0-9a-f-]{36}\n  archive type: \w+\n  project created at: .+\n  revision updated at: .+\n",
            push.Out);
        Assert.Contains("  Archiving job1.dig\n", push.Out, StringComparison.Ordinal);
        Assert.StartsWith("Started a session attempt:\n  session id: 1\n  attempt id: 1\n  uuid: ", start.Out, StringComparison.Ordinal);
        Assert.Contains("* Use `wf session 1` to show session status.", start.Error, StringComparison.Ordinal);
        Assert.Contains("* Use `wf task 1` and `wf log 1` to show task status and logs.", start.Error, StringComparison.Ordinal);
        Assert.Contains("  status: success\n", attempt.Out, StringComparison.Ordinal);
        Assert.Contains("  workflow: job1\n", session.Out, StringComparison.Ordinal);
        Assert.EndsWith("3 entries.\n", tasks.Out, StringComparison.Ordinal);
        Assert.Contains("   name: +job1+task2\n   state: success\n", tasks.Out, StringComparison.Ordinal);
        Assert.Matches(@"\[INFO\] \(\d{4}@\[0:wf_sample:1:1\]\+job1\+task1\)( \S+)?: td>: queries/sum1\.sql", log.Out);
        Assert.Contains("Started presto job id=1:", log.Out, StringComparison.Ordinal);
        Assert.Contains("Started presto job id=2:", log.Out, StringComparison.Ordinal);
        Assert.Equal(
            SampleTruth.Of(folder.PathOf("data/test/test1.csv")),
            LocalDatabase.Rows(folder.PathOf("../db/local/1/test.duckdb"), "SELECT created_by, ip, uu, logs FROM test_wf1"));

        Task<WfResult> Client(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task Schedules_show_the_next_session_and_its_run()
    {
        using var folder = TestFolder.WithSample();
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Wf.RunAsync(folder, "push", "wf_sample", "-e", server.Endpoint)).Exits(0);

        var schedules = (await Wf.RunAsync(folder, "schedules", "-e", server.Endpoint)).Exits(0);

        Assert.Matches(
            @"\ASchedules:\n  id: 1\n  project: wf_sample\n  workflow: job1\n  disabled at: \n  next session time: \d{4}-\d\d-\d\d 00:00:00 \+0900\n  next scheduled to run at: \d{4}-\d\d-\d\d 07:00:00 \+0900 \(in .+\)\n\n1 entries\.\n",
            schedules.Out);
    }

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_goes_on_and_runs_no_succeeded_task_again()
    {
        using var folder = new TestFolder((
            "wf.dig",
            "+one:\n  sh>: echo one >> ${out}\n+wait:\n  sh>: while [ ! -f ${gate} ]; do sleep 0.05; done; echo wait >> ${out}\n+two:\n  sh>: echo two >> ${out}\n"));
        var ran = folder.PathOf("../ran.txt");
        var gate = folder.PathOf("../gate");
        string[] database = ["--database", folder.PathOf("../db")];
        await using (var first = await ServerProcess.StartAsync(folder, database))
        {
            (await Wf.RunAsync(folder, "push", "p", "-e", first.Endpoint)).Exits(0);
            (await Wf.RunAsync(folder, "start", "p", "wf", "--session", "now", "-p", $"out={ran}", "-p", $"gate={gate}", "-e", first.Endpoint)).Exits(0);
            await Eventually.AnswersAsync(
                () => Wf.RunAsync(folder, "tasks", "1", "-e", first.Endpoint), t => WaitIsRunning().IsMatch(t.Out));
            await first.KillAsync();
        }

        await using var second = await ServerProcess.StartAsync(folder, database);
        await File.WriteAllTextAsync(gate, string.Empty, TestContext.Current.CancellationToken);
        await Eventually.AnswersAsync(
            () => Wf.RunAsync(folder, "attempt", "1", "-e", second.Endpoint), a => a.Out.Contains("status: success", StringComparison.Ordinal));

        Assert.Equal(["one", "wait", "two"], await File.ReadAllLinesAsync(ran, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Client_mistakes_are_told_in_one_clear_message()
    {
        using var folder = TestFolder.WithSample();
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Wf.RunAsync(folder, "push", "wf_sample", "-e", server.Endpoint)).Exits(0);

        var project = (await Wf.RunAsync(folder, "start", "nope", "job1", "--session", "now", "-e", server.Endpoint)).Exits(1).ShowsNoTrace();
        var workflow = (await Wf.RunAsync(folder, "start", "wf_sample", "nope", "--session", "now", "-e", server.Endpoint)).Exits(1).ShowsNoTrace();

        Assert.Contains("nope", project.Error, StringComparison.Ordinal);
        Assert.Contains("nope", workflow.Error, StringComparison.Ordinal);
        Assert.Empty(project.Out + workflow.Out);
    }

    [Fact]
    public async Task An_unreachable_server_is_named_with_what_to_do()
    {
        using var folder = TestFolder.WithSample();

        var run = (await Wf.RunAsync(folder, "sessions", "-e", "http://127.0.0.1:1")).Exits(1).ShowsNoTrace();

        Assert.Contains("127.0.0.1:1", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [GeneratedRegex(@"name: \+wf\+wait\n   state: running")]
    private static partial Regex WaitIsRunning();
}
