using System.Text.Json;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary>Projects for the hosted service, for Digdag and for wf, as <c>check</c> and <c>run</c> judge them.</summary>
public sealed class TargetTests
{
    private const string Report =
        "trigger:\n  attempt>:\n  dependent_workflow_name: load_raw\n  dependent_project_name: ingestion\n+report:\n  echo>: done\n";

    [Fact]
    public async Task A_trigger_is_fine_for_td_and_wf_and_refused_for_Digdag_in_its_words()
    {
        using var folder = new TestFolder(("report.dig", Report));

        (await Wf.RunAsync(folder, "check", "--target", "td", "--strict")).Exits(0);
        (await Wf.RunAsync(folder, "check", "--strict")).Exits(0);
        Assert.Contains(
            "Workflow 'report' includes unknown keys: [trigger]", (await Wf.RunAsync(folder, "check", "--target", "digdag")).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_run_ignores_a_trigger_and_says_so()
    {
        using var folder = new TestFolder(("report.dig", Report));
        var run = (await Wf.RunAsync(folder, "run", "report")).Exits(0);

        Assert.Single(run.Lines, l => l.EndsWith("trigger: ignored in a local run (starts after ingestion/load_raw on the server)", StringComparison.Ordinal));
        Assert.Contains("\ndone\n", run.Out, StringComparison.Ordinal);
        Assert.Contains(
            "Workflow 'report' includes unknown keys: [trigger]", (await Wf.RunAsync(folder, "run", "report", "--target", "digdag")).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_of_the_hosted_service_only_fails_with_a_hint()
    {
        using var folder = new TestFolder(("main.dig", "+a: {snowflake>: q.sql}\n"));
        var run = (await Wf.RunAsync(folder, "run", "main")).Exits(1);

        Assert.Contains("Unknown task type: snowflake", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Contains("hosted only", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tdx_json_makes_the_hosted_service_the_target_and_wf_json_wins_over_it()
    {
        using var folder = new TestFolder(("main.dig", "+a: {sh>: date}\n"), ("tdx.json", "{\"workflow_project\": \"etl\"}"));
        var check = (await Wf.RunAsync(folder, "check")).Exits(1);
        Assert.Contains("Checking for td because of tdx.json", check.Error, StringComparison.Ordinal);
        Assert.Contains("main.dig:1:6: error WF0710: the hosted service does not have sh>", check.Error, StringComparison.Ordinal);

        folder.Write("wf.json", "{\"target\": \"wf\"}");
        (await Wf.RunAsync(folder, "check")).Exits(0);
        (await Wf.RunAsync(folder, "check", "--target", "td")).Exits(1);
    }

    [Fact]
    public async Task Several_targets_are_checked_at_once_and_each_finding_names_its_own()
    {
        using var folder = new TestFolder(("main.dig", "+a: {sh>: date}\n"));
        using var json = JsonDocument.Parse((await Wf.RunAsync(folder, "check", "--target", "td,digdag", "--format", "json")).Exits(1).Out);
        var finding = Assert.Single(json.RootElement.GetProperty("diagnostics").EnumerateArray());

        Assert.Equal(["td"], finding.GetProperty("targets").EnumerateArray().Select(t => t.GetString()));
        Assert.Contains("error WF0710 [td]", (await Wf.RunAsync(folder, "check", "--target", "td,digdag")).Error, StringComparison.Ordinal);
        using var sarif = JsonDocument.Parse((await Wf.RunAsync(folder, "check", "--target", "td", "--format", "sarif")).Out);
        Assert.Equal(
            "td", sarif.RootElement.GetProperty("runs")[0].GetProperty("results")[0].GetProperty("properties").GetProperty("targets")[0].GetString());
    }

    [Fact]
    public async Task Unknown_keys_are_errors_unless_allowed()
    {
        using var folder = new TestFolder(("main.dig", "retries: 3\n+a: {echo>: x}\n"));

        (await Wf.RunAsync(folder, "check")).Exits(1);
        Assert.Contains("warning WF0706", (await Wf.RunAsync(folder, "check", "--allow-unknown-keys")).Exits(0).Error, StringComparison.Ordinal);
        (await Wf.RunAsync(folder, "run", "main")).Exits(1);
        Assert.Contains("the unknown key 'retries' is ignored", (await Wf.RunAsync(folder, "run", "main", "--allow-unknown-keys")).Exits(0).Out, StringComparison.Ordinal);
        (await Wf.RunAsync(folder, "run", "main", "--allow-unknown-keys", "--target", "digdag")).Exits(1);
    }

    [Fact]
    public async Task The_packed_archive_counts_on_the_hosted_service()
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: x}\n"));
        var noise = new byte[10_100_000];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(folder.PathOf("noise.bin"), noise);
        Assert.Contains("error WF0733", (await Wf.RunAsync(folder, "check", "--target", "td")).Exits(1).Error, StringComparison.Ordinal);

        File.WriteAllBytes(folder.PathOf("noise.bin"), new byte[10_100_000]);
        Assert.Contains("note WF0733", (await Wf.RunAsync(folder, "check", "--target", "td")).Exits(0).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("td,nope")]
    [InlineData(",")]
    public async Task An_unknown_target_is_refused(string target)
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: x}\n"));

        Assert.Contains("Use one of td, digdag, wf.", (await Wf.RunAsync(folder, "check", "--target", target)).Exits(1).ShowsNoTrace().Error, StringComparison.Ordinal);
        (await Wf.RunAsync(folder, "run", "main", "--target", target)).Exits(1);
    }

    [Fact]
    public async Task A_rule_of_the_hosted_service_names_its_source()
    {
        using var folder = new TestFolder();
        var text = (await Wf.RunAsync(folder, "check", "--explain", "WF0710")).Exits(0).Out;

        Assert.StartsWith("WF0710 Operator that the hosted service does not have (error for td)\n", text, StringComparison.Ordinal);
        Assert.Contains("Source: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_who_name_a_servers_workflow_are_told_the_command()
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: x}\n"));

        Assert.Contains("use: wf start etl.main", (await Wf.RunAsync(folder, "run", "etl.main")).Exits(1).Error, StringComparison.Ordinal);
    }
}
