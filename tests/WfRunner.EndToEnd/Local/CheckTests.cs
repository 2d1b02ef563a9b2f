using System.Text.Json;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary><c>wf check</c> as people and CI call it.</summary>
public sealed class CheckTests
{
    private const string Doubtful = "+a:\n  echo>: ${sesion_date}\n+b:\n  _disable: true\n  echo>: x\n";

    [Fact]
    public async Task Findings_show_place_source_caret_and_advice_and_change_no_exit_code()
    {
        using var folder = new TestFolder(("main.dig", Doubtful));
        var result = await Wf.RunAsync(folder, "check");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("  Definitions (1 workflows):\n    main (3 tasks)\n", result.Out, StringComparison.Ordinal);
        Assert.Contains(
            """
            main.dig:2:10: warning WF0502: nothing defines the variable 'sesion_date'
              2 |   echo>: ${sesion_date}
                |          ^^^^^^^^^^^^^^
              Did you mean session_date?

            main.dig:4:3: note WF0902: +main+b is disabled
            """,
            result.Error,
            StringComparison.Ordinal);
        Assert.EndsWith("\n1 warning, 1 note\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await Wf.RunAsync(folder, "check", "--strict")).ExitCode);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_hides_no_other_finding()
    {
        using var folder = new TestFolder(("main.dig", Doubtful));
        File.CreateSymbolicLink(folder.PathOf("round.dig"), folder.PathOf("round.dig"));
        File.CreateSymbolicLink(folder.PathOf("endless.dig"), "/dev/zero");

        var result = (await Wf.RunAsync(folder, "check")).Exits(1);

        Assert.Contains("round.dig:1:1: error WF0108", result.Error, StringComparison.Ordinal);
        Assert.Contains("endless.dig:1:1: error WF0108", result.Error, StringComparison.Ordinal);
        Assert.Contains("main.dig:2:10: warning WF0502", result.Error, StringComparison.Ordinal);
        result.ShowsNoTrace();
    }

    [Fact]
    public async Task Wide_characters_and_tabs_do_not_move_the_caret()
    {
        using var folder = new TestFolder(("main.dig", "+a:\n  echo>: \"日本\t${nope}\"\n"));

        Assert.Contains("  2 |   echo>: \"日本\t${nope}\"\n    |               \t^^^^^^^\n", (await Wf.RunAsync(folder, "check")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_error_of_every_file_is_told_and_Digdags_words_come_last()
    {
        using var folder = new TestFolder(("a.dig", "+x: {echo>: 1, sh>: 2}\n+y: {_parallel: 1}\n"), ("b.dig", "+x: \"open\n"));
        var result = await Wf.RunAsync(folder, "check");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a.dig:1:16: error WF0206", result.Error, StringComparison.Ordinal);
        Assert.Contains("a.dig:2:17: error WF0212", result.Error, StringComparison.Ordinal);
        Assert.Contains("b.dig:2:1: error WF0101", result.Error, StringComparison.Ordinal);
        Assert.Contains("\n3 errors\nerror: Validating project failed\nworkflow ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_tells_findings_workflows_and_the_next_runs()
    {
        using var folder = new TestFolder(("main.dig", "timezone: Asia/Tokyo\nschedule: {daily>: 07:00:00}\n" + Doubtful)) { Now = "2026-03-05 01:02:03" };
        var result = await Wf.RunAsync(folder, "check", "--format", "json");
        using var json = JsonDocument.Parse(result.Out);
        var workflow = json.RootElement.GetProperty("workflows")[0];
        var finding = json.RootElement.GetProperty("diagnostics")[0];

        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(1, json.RootElement.GetProperty("summary").GetProperty("warnings").GetInt32());
        Assert.Equal(5, workflow.GetProperty("nextRuns").GetArrayLength());
        Assert.Equal("2026-03-05T07:00:00+09:00", workflow.GetProperty("nextRuns")[0].GetProperty("runTime").GetString());
        Assert.Equal(
            ("WF0502", "main.dig", 4, 10, 24),
            (finding.GetProperty("code").GetString(), finding.GetProperty("file").GetString(), finding.GetProperty("line").GetInt32(),
                finding.GetProperty("column").GetInt32(), finding.GetProperty("endColumn").GetInt32()));
    }

    [Fact]
    public async Task SARIF_names_rules_and_places()
    {
        using var folder = new TestFolder(("main.dig", Doubtful));
        using var json = JsonDocument.Parse((await Wf.RunAsync(folder, "check", "--format", "sarif")).Out);
        var run = json.RootElement.GetProperty("runs")[0];
        var result = run.GetProperty("results")[0];
        var rule = run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[result.GetProperty("ruleIndex").GetInt32()];

        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        Assert.Equal(result.GetProperty("ruleId").GetString(), rule.GetProperty("id").GetString());
        Assert.Equal(
            "main.dig",
            result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString());
    }

    [Fact]
    public async Task GitHub_gets_an_annotation_a_line()
    {
        using var folder = new TestFolder(("main.dig", Doubtful));

        Assert.Equal(
            "::warning file=main.dig,line=2,col=10,endLine=2,endColumn=24,title=WF0502 Undefined variable::nothing defines the variable 'sesion_date'%0ADid you mean session_date?\n"
            + "::notice file=main.dig,line=4,col=3,endLine=4,endColumn=11,title=WF0902 Disabled task::+main+b is disabled%0ARemove _disable when the task is wanted again.\n",
            (await Wf.RunAsync(folder, "check", "--format", "github")).Out);
    }

    [Fact]
    public async Task A_code_is_explained_and_an_unknown_one_refused()
    {
        using var folder = new TestFolder();

        Assert.StartsWith("WF0502 Undefined variable (warning)\n", (await Wf.RunAsync(folder, "check", "--explain", "wf0502")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await Wf.RunAsync(folder, "check", "--explain", "WF9999")).ExitCode);
        Assert.Equal(1, (await Wf.RunAsync(folder, "check", "--format", "xml")).ExitCode);
    }
}
