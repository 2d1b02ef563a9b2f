using System.Text.Json;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary><c>wf run --output</c> for programs.</summary>
public sealed class RunOutputTests
{
    private const string Workflow = "+a: {sh>: \"echo one; printf two\"}\n+b: {sh>: exit 3}\n+c: {echo>: never}\n";

    [Fact]
    public async Task Every_event_is_a_line_and_nothing_else_is_on_standard_output()
    {
        using var folder = new TestFolder(("main.dig", Workflow));
        var result = (await Wf.RunAsync(folder, "run", "main.dig", "--output", "jsonl")).Exits(1);
        var events = result.Lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();

        Assert.Equal("started", events[0].GetProperty("event").GetString());
        Assert.Equal("finished", events[^1].GetProperty("event").GetString());
        Assert.Equal(1, events[^1].GetProperty("exitCode").GetInt32());
        Assert.Equal(["one", "two"], events.Where(e => Is(e, "output")).Select(e => e.GetProperty("text").GetString()));
        Assert.Equal(["running", "success"], events.Where(e => Is(e, "task") && e.GetProperty("task").GetString() == "+main+a").Select(e => e.GetProperty("state").GetString()));
        Assert.Contains(
            events, e => Is(e, "task") && e.GetProperty("task").GetString() == "+main+b" && e.TryGetProperty("error", out var error) && error.GetProperty("message").GetString() == "Command failed with code 3 (runtime)");
        Assert.Contains("[INFO] (0001@+main+a): sh>:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_object_tells_the_end_and_what_was_skipped()
    {
        using var folder = new TestFolder(("main.dig", Workflow));
        (await Wf.RunAsync(folder, "run", "main.dig", "--output", "json")).Exits(1);
        using var json = JsonDocument.Parse((await Wf.RunAsync(folder, "run", "main.dig", "--output", "json")).Exits(1).Out);
        var tasks = json.RootElement.GetProperty("tasks").EnumerateArray().ToDictionary(t => t.GetProperty("task").GetString()!);

        Assert.True(tasks["+main+a"].GetProperty("skipped").GetBoolean());
        Assert.Equal("error", tasks["+main+b"].GetProperty("state").GetString());
        Assert.Equal("blocked", tasks["+main+c"].GetProperty("state").GetString());
    }

    private static bool Is(JsonElement e, string kind) => e.GetProperty("event").GetString() == kind;
}
