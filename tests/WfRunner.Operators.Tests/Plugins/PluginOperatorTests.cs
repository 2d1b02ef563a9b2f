using NodaTime;
using WfRunner.Core.Config;
using WfRunner.Core.Operators;
using WfRunner.Operators.Plugins;

namespace WfRunner.Operators.Tests.Plugins;

/// <summary>Operators that are programs, with real programs.</summary>
public sealed class PluginOperatorTests : IDisposable
{
    private readonly OperatorTestContext _context = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task The_task_is_read_and_the_result_is_taken()
    {
        Plugin("greet", """
            #!/usr/bin/env python3
            import json, os, sys
            task = json.load(sys.stdin)
            print("hello", task["params"]["who"], os.environ["TONE"], file=sys.stderr)
            json.dump({
              "store": {"greeted": task["command"], "attempt": task["attempt"], "task": task["task"]["name"]},
              "export": {"e": 1}, "reset_store": ["old"], "subtasks": {"+a": {"echo>": "x"}}}, sys.stdout)
            """);

        var result = Assert.IsType<OperatorOutcome.Succeeded>(
            await RunAsync("greet", "greet>: [1, two]\nwho: Ägidius\n_env: {TONE: loud}")).Result;

        Assert.Equal("hello Ägidius loud\n", _context.OutputText);
        Assert.Equal(
            """{"greeted":[1,"two"],"attempt":{"id":"3","sessionId":"2","sessionUuid":"00000000-0000-0000-0000-000000000000","sessionTime":"2024-03-12T19:05:06+00:00","timeZone":"UTC","project":"default","workflow":"wf","revision":null},"task":"+wf+task"}""",
            ConfigJson.Write(result.StoreParams));
        Assert.Equal("""{"e":1}""", ConfigJson.Write(result.ExportParams));
        Assert.Equal(["old"], result.ResetStoreParams);
        Assert.Equal("""{"+a":{"echo>":"x"}}""", ConfigJson.Write(result.SubtaskConfig));
    }

    [Fact]
    public async Task A_program_that_says_nothing_succeeded()
    {
        Plugin("quiet", "#!/bin/sh\ncat > /dev/null\n");

        Assert.Same(TaskResult.Empty, Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("quiet", "quiet>: x")).Result);
    }

    [Fact]
    public async Task It_may_poll_with_a_state_of_its_own()
    {
        Plugin("slow", "#!/bin/sh\necho '{\"status\":\"retry\",\"after\":\"1m 30s\",\"state\":{\"job\":7}}'\n");

        var polling = Assert.IsType<OperatorOutcome.Polling>(await RunAsync("slow", "slow>: x"));

        Assert.Equal(Duration.FromSeconds(90), polling.Interval);
        Assert.Equal("""{"job":7}""", ConfigJson.Write(polling.StateParams));
    }

    [Fact]
    public async Task Its_own_secrets_are_given_when_it_asks()
    {
        Plugin("vault", """
            #!/usr/bin/env python3
            import json, sys
            task = json.load(sys.stdin)
            if not task["secrets"]:
                print(json.dumps({"status": "need_secrets", "secrets": ["vault.token", "vault.unset"]}))
            else:
                print(json.dumps({"store": {"length": len(task["secrets"]["vault.token"]), "unset": task["secrets"]["vault.unset"]}}))
            """);
        _context.SecretValues["vault.token"] = "sesame";

        var result = Assert.IsType<OperatorOutcome.Succeeded>(await RunAsync("vault", "vault>:")).Result;

        Assert.Equal("""{"length":6,"unset":null}""", ConfigJson.Write(result.StoreParams));
    }

    [Theory]
    [InlineData("""{"status":"need_secrets","secrets":["td.apikey"]}""", 0, "wf-operator-bad asks for the secret 'td.apikey'; a plugin may only read secrets whose key begins with 'bad.'")]
    [InlineData("""{"status":"need_secrets","secrets":["bad.a"]}""", 0, "wf-operator-bad asks again for secrets that it was given: bad.a")]
    [InlineData("""{"status":"error","message":"no such channel","channel":"x"}""", 0, "no such channel")]
    [InlineData("""{"status":"error","message":"no such channel"}""", 4, "no such channel")]
    [InlineData("", 4, "wf-operator-bad failed with code 4")]
    [InlineData("""{"status":"well"}""", 0, "unknown status 'well'; it is one of success, error, retry and need_secrets")]
    [InlineData("""{"status":"retry"}""", 0, "the status 'retry' needs 'after'")]
    [InlineData("""{"status":"retry","after":-1}""", 0, "'after' must be between 0 and 86400 seconds")]
    [InlineData("done.", 0, "Its answer on standard output was: done.\nWhat is meant for the log belongs to standard error.")]
    [InlineData("[]", 0, "an answer is a JSON object")]
    public async Task What_goes_wrong_is_said(string answer, int code, string message)
    {
        Plugin("bad", $"#!/bin/sh\necho '{answer}'\nexit {code}\n");

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("bad", "bad>: x"));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Further_members_of_an_error_are_kept()
    {
        Plugin("bad", "#!/bin/sh\necho '{\"status\":\"error\",\"message\":\"m\",\"channel\":\"x\"}'\n");

        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("bad", "bad>: x"));

        Assert.Equal("""{"channel":"x"}""", ConfigJson.Write(failure.Properties));
    }

    [Fact]
    public async Task An_endless_answer_fails_the_task()
    {
        Plugin("endless", "#!/bin/sh\nexec yes\n");

        Assert.Contains(
            "larger than 16777216 bytes",
            (await Assert.ThrowsAsync<TaskFailedException>(() => RunAsync("endless", "endless>: x"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_task_that_polled_is_cleaned_up()
    {
        Plugin("job", """
            #!/usr/bin/env python3
            import json, sys
            task = json.load(sys.stdin)
            print(task["action"], task["state"], file=sys.stderr)
            """);
        var found = Find("job");
        var request = OperatorTestContext.Request("job>: x");

        await found.CleanUpAsync(request, _context, TestContext.Current.CancellationToken);
        Assert.Empty(_context.OutputText);
        await found.CleanUpAsync(request with { StateParams = ConfigMap.Of(("id", 7L)) }, _context, TestContext.Current.CancellationToken);

        Assert.Equal("cleanup {'id': 7}\n", _context.OutputText);
    }

    [Fact]
    public void Folders_are_searched_in_their_order()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_context.ProjectDirectory, "elsewhere")).FullName;
        var finder = new PluginOperators($"relative{Path.PathSeparator}{elsewhere}");
        Plugin("one", "#!/bin/sh\n", "elsewhere");
        Plugin("two", "#!/bin/sh\n", ".");
        Plugin("three", "#!/bin/sh\n");
        File.WriteAllText(Path.Combine(elsewhere, "wf-operator-not_executable"), "#!/bin/sh\n");

        Assert.Equal(["one", "three", "two"], finder.Descriptions(_context.ProjectDirectory).Select(d => d.Name).Order());
        Assert.True(finder.TryFind("one", _context.ProjectDirectory, out _));
        Assert.False(finder.TryFind("not_executable", _context.ProjectDirectory, out _));
        Assert.False(finder.TryFind("../plugins/wf-operator-three", _context.ProjectDirectory, out _));
        Assert.False(finder.TryFind(string.Empty, _context.ProjectDirectory, out _));
    }

    private Task<OperatorOutcome> RunAsync(string name, string task) => _context.RunAsync(Find(name), task);

    private IOperator Find(string name) => new PluginOperators(null).TryFind(name, _context.ProjectDirectory, out var found)
        ? found
        : throw new InvalidOperationException(name);

    private void Plugin(string name, string text, string folder = "plugins")
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_context.ProjectDirectory, folder)).FullName, "wf-operator-" + name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
