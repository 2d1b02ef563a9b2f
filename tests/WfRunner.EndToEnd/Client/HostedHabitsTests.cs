using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Client;

/// <summary>What people do with triggers, pools and zones, against a real server.</summary>
public sealed class HostedHabitsTests
{
    private const string Report =
        "timezone: Asia/Tokyo\ntrigger:\n  attempt>:\n  dependent_project_name: up\n  dependent_workflow_name: load\n+a: {echo>: \"report of ${session_date}\"}\n";

    [Fact]
    public async Task A_triggered_workflow_is_pushed_and_runs_after_the_one_it_waits_for()
    {
        using var folder = new TestFolder(("up/load.dig", "+a: {echo>: loaded}\n"), ("up2/other.dig", "+a: {echo>: x}\n"), ("down/report.dig", Report));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");

        Assert.Contains(
            "Dependent project 'up' not found in trigger config", (await Run("push", "down", "--project", "down")).Exits(1).Error, StringComparison.Ordinal);
        (await Run("push", "up", "--project", "up2")).Exits(0);
        Assert.Contains(
            "warning: The trigger of workflow report waits for workflow load, which project up does not have yet",
            (await Run("push", "down", "--project", "down")).Exits(0).Error,
            StringComparison.Ordinal);
        (await Run("push", "up", "--project", "up")).Exits(0);
        (await Run("start", "up.load", "--session", "2026-01-02", "--wait")).Exits(0);

        await Eventually.AnswersAsync(() => Run("sessions", "down", "--status", "success", "--jsonl"), r => r.Exits(0).Lines.Count == 1);
        Assert.Contains("report of 2026-01-02", (await Run("log", "2")).Exits(0).Out, StringComparison.Ordinal);

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task A_start_may_wait_for_its_pool_and_is_found_by_its_status()
    {
        using var folder = new TestFolder(("load.dig", "+a: {sh>: sleep 1000 & wait}\n"));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Run("push", "up")).Exits(0);
        (await Run("pools", "create", "--name", "tiny", "--limit", "1")).Exits(0);
        (await Run("pool-rules", "create", "--pool", "tiny", "--priority", "5", "--project-name", "up")).Exits(0);
        (await Run("start", "up", "load", "--session", "2026-01-02")).Exits(0);

        Assert.Contains(
            "Too many attempts running. Limit: 1, Current: 1", (await Run("start", "up", "load", "--session", "2026-01-03")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("Status: queued (pool 2)", (await Run("start", "up", "load", "--session", "2026-01-03", "--queue")).Exits(0).Error, StringComparison.Ordinal);
        Assert.Single((await Run("sessions", "up", "--status", "queued", "--jsonl")).Exits(0).Lines);

        (await Run("kill", "1")).Exits(0);
        await Eventually.AnswersAsync(() => Run("sessions", "up", "--status", "queued", "--jsonl"), r => r.Exits(0).Lines.Count == 0);
        (await Run("kill", "2")).Exits(0);

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task Attempts_are_retried_in_any_zone()
    {
        using var folder = new TestFolder(("tokyo.dig", "timezone: Asia/Tokyo\n+a: {echo>: x}\n"), ("west.dig", "timezone: America/Los_Angeles\n+a: {echo>: x}\n"));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Run("push", "p")).Exits(0);
        foreach (var workflow in (string[])["tokyo", "west"])
        {
            var id = (await Run("start", "p", workflow, "--session", "2016-01-01 00:00:00", "--wait", "--jsonl")).Exits(0).Lines[0];
            var attempt = System.Text.Json.JsonDocument.Parse(id).RootElement.GetProperty("id").GetString()!;
            (await Run("retry", attempt, "--latest-revision", "--all")).Exits(0);
        }

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task A_push_with_an_empty_name_pushes_nothing()
    {
        using var folder = new TestFolder(("a.dig", "+a: {echo>: x}\n"), ("tdx.json", """{"workflow_project": "prod"}"""));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");

        Assert.Contains("project name cannot be empty", (await Run("push", "")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Empty((await Run("projects", "--jsonl")).Exits(0).Lines);

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task An_archive_in_its_own_project_warns_of_nothing()
    {
        using var folder = new TestFolder(("a.dig", "+a: {echo>: x}\n"));

        Assert.DoesNotContain("warning", (await Wf.RunAsync(folder, "archive")).Exits(0).Error, StringComparison.Ordinal);
    }
}
