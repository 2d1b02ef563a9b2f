using System.Text.RegularExpressions;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary>Day one: someone runs the sample here, fixes a mistake, and runs it again.</summary>
public sealed partial class SampleRunTests
{
    private const string Morning = "2016-12-08 20:16:02";

    [Fact]
    public async Task The_sample_runs_offline_and_its_tables_hold_the_right_rows()
    {
        using var folder = TestFolder.WithSample(Morning);

        var run = (await Wf.RunAsync(folder, "run", "job1")).Exits(0);

        foreach (var table in (string[])["1", "2"])
        {
            var rows = LocalDatabase.Rows(folder.PathOf(".digdag/local/test.duckdb"), $"SELECT created_by, ip, uu, logs FROM test_wf{table}");
            Assert.Equal(SampleTruth.Of(folder.PathOf($"data/test/test{table}.csv")), rows);
            Assert.Contains(rows, r => r.StartsWith("管理画面|", StringComparison.Ordinal));
            Assert.Contains(rows, r => r.StartsWith("NULL|", StringComparison.Ordinal));
        }

        Assert.Contains($"Success. Task state is saved at {folder.PathOf(".digdag/status/20161208T000000+0900")} directory.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_run_speaks_in_Digdags_formats()
    {
        using var folder = TestFolder.WithSample(Morning);

        var run = (await Wf.RunAsync(folder, "run", "job1")).Exits(0);

        Assert.Matches(BannerPattern(), run.Error);
        string[] expected =
        [
            "[WARN] (main): Using a new session time 2016-12-08T00:00:00+09:00 based on schedule.",
            $"[INFO] (main): Using session {folder.PathOf(".digdag/status/20161208T000000+0900")}.",
            "[INFO] (main): Starting a new session project id=1 workflow name=job1 session_time=2016-12-08T00:00:00+09:00",
            "[INFO] (0001@+job1+task1): td>: queries/sum1.sql",
            "[INFO] (0001@+job1+task1): Running locally with DuckDB (no Treasure Data account used)",
            "[INFO] (0001@+job1+task1): Started presto job id=1:",
            "[INFO] (0001@+job1+task2): td>: queries/sum2.sql",
            "[INFO] (0001@+job1+task2): Running locally with DuckDB (no Treasure Data account used)",
            "[INFO] (0001@+job1+task2): Started presto job id=2:",
        ];
        Assert.Equal(expected, run.Lines.Where(l => LogPattern().IsMatch(l)).Select(l => LogPattern().Replace(l, string.Empty)));
        Assert.Contains("DROP TABLE IF EXISTS \"test_wf1\";\nCREATE TABLE \"test_wf1\" AS\nselect\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("-- task_name: +job1+task2\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("job1", ".")]
    [InlineData("job1.dig", ".")]
    [InlineData("job1", "..")]
    public async Task The_workflow_is_found_by_name_by_file_and_from_elsewhere(string workflow, string startIn)
    {
        using var folder = TestFolder.WithSample();
        folder.WorkingDirectory = Path.GetFullPath(Path.Combine(folder.WorkingDirectory, startIn));
        string[] project = startIn == "." ? [] : ["--project", "project"];

        (await Wf.RunAsync(folder, ["run", workflow, .. project])).Exits(0);

        Assert.True(File.Exists(folder.PathOf(".digdag/local/test.duckdb")));
    }

    [Fact]
    public async Task A_second_run_of_a_session_skips_what_succeeded_and_rerun_runs_it_again()
    {
        using var folder = TestFolder.WithSample();
        (await Wf.RunAsync(folder, "run", "job1", "--session", "2016-12-08")).Exits(0);

        var second = (await Wf.RunAsync(folder, "run", "job1", "--session", "2016-12-08")).Exits(0);
        var rerun = (await Wf.RunAsync(folder, "run", "job1", "--session", "2016-12-08", "--rerun")).Exits(0);

        Assert.Equal(2, second.Lines.Count(l => l.EndsWith(": Skipped", StringComparison.Ordinal)));
        Assert.DoesNotContain("Started presto job", second.Out, StringComparison.Ordinal);
        Assert.Equal(2, rerun.Lines.Count(l => l.Contains("Started presto job", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task After_a_failure_and_its_fix_the_next_run_resumes_at_the_failed_task()
    {
        using var folder = TestFolder.WithSample();
        var sound = folder.Read("queries/sum2.sql");
        folder.Write("queries/sum2.sql", sound.Replace("created_by,\n  count", "created_bye,\n  count", StringComparison.Ordinal));

        var failed = (await Wf.RunAsync(folder, "run", "job1", "--session", "2016-12-08")).Exits(1).ShowsNoTrace();
        folder.Write("queries/sum2.sql", sound);
        var resumed = (await Wf.RunAsync(folder, "run", "job1", "--session", "2016-12-08")).Exits(0);

        Assert.Contains("error: \n  * +job1+task2:\n    Local SQL error: ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("(queries/sum2.sql:2:3)", failed.Error, StringComparison.Ordinal);
        Assert.Contains("\n\nTask state is saved at ", failed.Error, StringComparison.Ordinal);
        Assert.Single(resumed.Lines, l => l.EndsWith("+job1+task1): Skipped", StringComparison.Ordinal));
        Assert.Single(resumed.Lines, l => l.Contains("Started presto job", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_query_leaves_the_table_as_it_was()
    {
        using var folder = TestFolder.WithSample();
        (await Wf.RunAsync(folder, "run", "job1", "--session", "2016-12-08")).Exits(0);
        var before = LocalDatabase.Rows(folder.PathOf(".digdag/local/test.duckdb"), "SELECT * FROM test_wf1");
        folder.Write("queries/sum1.sql", "select cast(created_by as bigint) created_by from test1");

        (await Wf.RunAsync(folder, "run", "job1", "--session", "2016-12-08", "--rerun")).Exits(1);

        Assert.Equal(before, LocalDatabase.Rows(folder.PathOf(".digdag/local/test.duckdb"), "SELECT * FROM test_wf1"));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0900: wf v\d+\.\d+\.\d+\n")]
    private static partial Regex BannerPattern();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0900 (?=\[)")]
    private static partial Regex LogPattern();
}
