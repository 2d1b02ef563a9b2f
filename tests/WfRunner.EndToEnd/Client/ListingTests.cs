using System.Text.Json;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Client;

/// <summary>Lists of a real server in every form, and the commands that follow and repeat attempts.</summary>
public sealed class ListingTests
{
    private const string Main = "schedule: {daily>: 07:00:00}\n+a: {echo>: hi}\n+b:\n  loop>: 2\n  _do: {echo>: \"${i}\"}\n";

    [Fact]
    public async Task Every_list_has_every_form()
    {
        using var folder = new TestFolder(("main.dig", Main));
        await using var server = await ServerProcess.StartAsync(folder, "--memory", "-X", "digdag.secret-encryption-key=MDEyMzQ1Njc4OWFiY2RlZg==");
        (await Run("push", "p", "-r", "r1")).Exits(0);
        (await Run("secrets", "set", "p", "k=v")).Exits(0);
        using var started = JsonDocument.Parse((await Run("start", "p.main", "--wait", "--json")).Exits(0).Out);
        Assert.Equal("1", started.RootElement.GetProperty("id").GetString());
        foreach (var list in (string[][])[["projects"], ["revisions", "p"], ["workflows"], ["workflows", "p"], ["sessions"], ["sessions", "p", "main"], ["attempts"], ["attempts", "p"], ["tasks", "1"], ["attempt", "1", "tasks"], ["schedules"], ["secrets", "list", "p"], ["timeline", "p.main"]])
        {
            using var json = JsonDocument.Parse((await Run([.. list, "--json"])).Exits(0).Out);
            var lines = (await Run([.. list, "--jsonl"])).Exits(0).Lines;
            var tsv = (await Run([.. list, "--tsv"])).Exits(0).Lines;
            var table = (await Run([.. list, "--table"])).Exits(0).Lines;
            (await Run([.. list, "--json", "--output", "list.json"])).Exits(0);

            Assert.NotEqual(0, json.RootElement.GetArrayLength());
            Assert.Equal(json.RootElement.EnumerateArray().Select(e => e.GetRawText()), lines.Select(l => JsonDocument.Parse(l).RootElement.GetRawText()));
            Assert.Equal(lines.Count + 1, tsv.Count);
            Assert.Equal(tsv.Count, table.Count);
            Assert.All(tsv, l => Assert.Equal(tsv[0].Split('\t').Length, l.Split('\t').Length));
            Assert.Equal(json.RootElement.GetRawText(), JsonDocument.Parse(folder.Read("list.json")).RootElement.GetRawText());
        }

        Assert.Contains("--json and --tsv can't be set together", (await Run("projects", "--json", "--tsv")).Exits(1).Error, StringComparison.Ordinal);

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task Waiting_following_and_repeating_attempts()
    {
        using var folder = new TestFolder(
            ("good.dig", Main), ("bad.dig", "+ok: {echo>: fine}\n+no:\n  if>: ${typeof fixed == 'undefined'}\n  _do: {fail>: broken}\n"), ("tdx.json", """{"workflow_project": "p"}"""));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Run("push", "--yes")).Exits(0);

        var good = (await Run("start", "good", "--follow")).Exits(0);
        Assert.Contains("echo>: hi", good.Out, StringComparison.Ordinal);
        Assert.Contains("Project p (tdx.json)\n", good.Error, StringComparison.Ordinal);
        Assert.Contains("Attempt 1: success after ", good.Error, StringComparison.Ordinal);
        Assert.Contains("Attempt 2: error after ", (await Run("start", "p.bad", "--wait")).Exits(1).Error, StringComparison.Ordinal);

        var tasks = (await Run("attempt", "2", "tasks")).Exits(0);
        Assert.Matches(@"\A\+bad +\w+.*\n  \+ok +success +.*s\n  \+no +\w+", tasks.Out);
        Assert.Contains("--include-subtasks shows them", tasks.Error, StringComparison.Ordinal);
        Assert.Contains("^sub", (await Run("attempt", "2", "tasks", "--include-subtasks")).Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("echo>: fine", (await Run("attempt", "2", "logs", "+bad+ok")).Exits(0).Out, StringComparison.Ordinal);

        Assert.Contains("--force retries it nevertheless", (await Run("attempt", "1", "retry")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("  attempt id: 3\n", (await Run("attempt", "1", "retry", "--force", "--wait")).Exits(0).Out, StringComparison.Ordinal);
        (await Run("retry", "session:2", "--wait")).Exits(1);
        (await Run("retry", "session:2", "--from-task", "+no", "--params", """{"fixed": {"deep": 1}}""", "--wait")).Exits(0);
        using var last = JsonDocument.Parse((await Run("attempt", "5", "--json")).Exits(0).Out);
        Assert.Equal("""{"fixed":{"deep":1}}""", last.RootElement.GetProperty("params").GetRawText());
        Assert.Contains("--params must be a JSON object", (await Run("retry", "session:2", "--params", "x")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Equal(["5", "4", "2"], (await Run("attempts", "2", "--tsv")).Exits(0).Lines.Skip(1).Select(l => l.Split('\t')[0]));
        Assert.Equal(["5", "3"], (await Run("attempts", "--tsv")).Exits(0).Lines.Skip(1).Select(l => l.Split('\t')[0]));
        Assert.Equal(5, (await Run("attempts", "p", "--include-retried", "--jsonl")).Exits(0).Lines.Count);
        Assert.Equal(["2"], (await Run("sessions", "--status", "success", "--limit", "1", "--tsv")).Exits(0).Lines.Skip(1).Select(l => l.Split('\t')[0]));

        var timeline = (await Run("timeline", "--session-id", "2", "--follow")).Exits(0);
        Assert.Contains(timeline.Lines, l => l.StartsWith("+bad+no  20", StringComparison.Ordinal) && l.EndsWith("  success", StringComparison.Ordinal));
        Assert.Contains("only one of them", (await Run("timeline", "p.bad", "--attempt-id", "1")).Exits(1).Error, StringComparison.Ordinal);
        Assert.Contains("project not found: nope", (await Run("timeline", "nope.w")).Exits(1).Error, StringComparison.Ordinal);

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task Addresses_of_pages_are_printed()
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: hi}\n"));
        await using var server = await ServerProcess.StartAsync(folder, "--memory");
        (await Run("push", "p")).Exits(0);
        (await Run("start", "p.main", "--wait")).Exits(0);

        Assert.Equal($"{server.Endpoint}/\n", (await Run("open", "--print")).Exits(0).Out);
        Assert.Equal($"{server.Endpoint}/projects/1/workflows/main\n", (await Run("open", "p.main", "--print")).Exits(0).Out);
        Assert.Equal($"{server.Endpoint}/attempts/1\n", (await Run("open", "1", "--print")).Exits(0).Out);

        Task<WfResult> Run(params string[] arguments) => Wf.RunAsync(folder, [.. arguments, "-e", server.Endpoint]);
    }

    [Fact]
    public async Task Wrong_uses_are_explained_before_anything_is_sent()
    {
        using var folder = new TestFolder();
        foreach (var (arguments, code, text) in ((string[] Arguments, int Code, string Text)[])
            [
                (["start", "p"], 2, "start needs "),
                (["attempt", "1", "dance"], 1, "tasks, logs, retry or kill"),
                (["attempt", "1", "tasks", "x"], 2, "too many arguments: x"),
                (["secrets", "dance"], 2, "list, set or delete"),
                (["secrets", "set", "p"], 2, "needs KEY=VALUE"),
                (["secrets", "list", "p", "q"], 2, "too many arguments: q"),
                (["secrets", "delete", "p", "k"], 1, "--yes does it without asking"),
                (["sessions", "--limit", "0"], 1, "--limit must be 1 or more"),
                (["sessions", "--from", "soon"], 1, "--from option must be"),
                (["pools", "create"], 1, "pools create needs --name and --limit"),
                (["pools", "update"], 2, "pools takes "),
                (["pool-rules", "create", "--pool", "x"], 1, "at least one condition"),
                (["retry", "session:x"], 1, "For input string: \"x\""),
                (["timeline"], 1, "no project: name one"),
                (["revisions"], 1, "no project: name one"),
                (["pull"], 1, "no project: name one"),
            ])
        {
            var result = (await Wf.RunAsync(folder, [.. arguments, "-e", "http://127.0.0.1:1", "--disable-version-check"])).Exits(code).ShowsNoTrace();
            Assert.Contains(text, result.Error, StringComparison.Ordinal);
        }
    }
}
