using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary>Whatever is wrong: one clear message, the right exit code, no trace, nothing half-written.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task A_missing_workflow_is_named_with_a_hint()
    {
        using var folder = new TestFolder();

        var run = (await Wf.RunAsync(folder, "run", "nope")).Exits(1).ShowsNoTrace();

        Assert.Contains(
            "error: Workflow 'nope' does not exist in current directory. You may need to change directory first, or set --project option. (resource not found)\n",
            run.Error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf(".digdag")));
    }

    [Fact]
    public async Task Broken_YAML_is_told_with_file_line_and_column()
    {
        using var folder = new TestFolder(("bad.dig", "+a:\n  echo>: x\n +b:\n  echo>: y\n"));

        var run = (await Wf.RunAsync(folder, "run", "bad")).Exits(1).ShowsNoTrace();

        Assert.Contains($"error: Validating project failed\nworkflow {folder.PathOf("bad.dig")} ", run.Error, StringComparison.Ordinal);
        Assert.Contains("[ERROR] (main): bad.dig:3:", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf(".digdag")));
    }

    [Fact]
    public async Task An_unknown_operator_fails_its_task_and_says_where_it_stands()
    {
        using var folder = new TestFolder(("wf.dig", "+a:\n  ehco>: x\n"));

        var run = (await Wf.RunAsync(folder, "run", "wf")).Exits(1).ShowsNoTrace();

        Assert.Contains("  * +wf+a:\n    Unknown task type: ehco (config)\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("Configuration error at task +wf+a: Unknown task type: ehco (config)\n  at wf.dig:2:3", run.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf(".digdag/status/+wf+a.yml")));
    }

    [Fact]
    public async Task A_failed_run_that_saves_nothing_gives_no_advice_on_running_again()
    {
        using var folder = new TestFolder(("wf.dig", "+a:\n  fail>: broken\n"));

        var run = (await Wf.RunAsync(folder, "run", "wf", "--no-save")).Exits(1).ShowsNoTrace();

        Assert.EndsWith("error: \n  * +wf+a:\n    broken\n\n\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_query_file_is_told_with_its_path()
    {
        using var folder = new TestFolder(("wf.dig", "_export:\n  td: {database: test}\n+a:\n  td>: queries/none.sql\n"));

        var run = (await Wf.RunAsync(folder, "run", "wf")).Exits(1).ShowsNoTrace();

        Assert.Contains($"File not found: {folder.PathOf("queries/none.sql")} (config)", run.Error, StringComparison.Ordinal);
        Assert.Contains("at wf.dig:4:8", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_with_a_mistake_is_told_with_its_place()
    {
        using var folder = new TestFolder(
            ("wf.dig", "_export:\n  td: {database: test}\n+a:\n  td>: q.sql\n  create_table: t\n"), ("q.sql", "select 1 as a,\n  nothing_here as b\n"));

        var run = (await Wf.RunAsync(folder, "run", "wf")).Exits(1).ShowsNoTrace();

        Assert.Contains("Local SQL error: Binder Error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("(q.sql:2:3)", run.Error, StringComparison.Ordinal);
        Assert.Empty(LocalDatabase.Rows(folder.PathOf(".digdag/local/test.duckdb"), "SELECT table_name FROM information_schema.tables WHERE table_name = 't'"));
    }

    [Fact]
    public async Task A_configured_key_never_leads_silently_to_the_local_engine()
    {
        using var refusing = new RefusingService();
        using var folder = new TestFolder(
            ("wf.dig", $"_export:\n  td: {{database: test, endpoint: \"{refusing.Address}\", use_ssl: false}}\n+a:\n  td>: {{data: select 1}}\n"));

        var run = (await Wf.RunAsync(folder, "run", "wf", "-X", "secrets.td.apikey=1/abc")).Exits(1).ShowsNoTrace();

        Assert.Contains("[401:Unauthorized]", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Running locally", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("1/abc", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Unknown option: --nope", "run", "wf", "--nope")]
    [InlineData(1, "Can only specify option -d once.", "run", "wf", "-d", "-d")]
    [InlineData(1, "Expected a value after parameter --session", "run", "wf", "--session")]
    [InlineData(1, "available commands are: [", "frobnicate")]
    [InlineData(2, "run needs <workflow.dig>", "run")]
    public async Task A_wrong_command_line_says_what_is_wrong(int code, string message, params string[] arguments)
    {
        using var folder = new TestFolder(("wf.dig", "+a:\n  echo>: x\n"));

        var run = (await Wf.RunAsync(folder, arguments)).Exits(code).ShowsNoTrace();

        Assert.Contains("error: " + message, run.Error, StringComparison.Ordinal);
    }
}
