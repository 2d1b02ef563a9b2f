using System.IO.Compression;
using WfRunner.Core.Config;
using WfRunner.Core.Engine;

namespace WfRunner.Runtime.Tests.Local;

public sealed class LocalRunTests : IDisposable
{
    private readonly LocalProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public async Task A_required_workflow_runs_once_for_the_session()
    {
        _project
            .With("child.dig", "_export: {own: 1}\n+make:\n  sh>: echo \"$who $session_time $task_name [$hidden]\" >> made.txt\n")
            .With("main.dig", "_export: {hidden: x}\n+first:\n  require>: child\n  params: {who: world}\n+again:\n  require>: child\n+end:\n  sh>: echo end >> made.txt\n");

        var tasks = await _project.RunAsync("main");

        Assert.Equal(TaskState.Success, tasks[0].State);
        Assert.Equal(["world 2026-03-04T05:06:07+00:00 +child+make []", "end"], File.ReadAllLines(_project.PathOf("made.txt")));
    }

    [Fact]
    public async Task A_required_workflow_that_fails_fails_the_task()
    {
        _project.With("child.dig", "+t:\n  fail>: no\n").With("main.dig", "+t:\n  require>: child\n");

        var tasks = await _project.RunAsync("main");

        Assert.Equal("Dependent workflow failed. Session id: 2, attempt id: 2", tasks[1].Error.GetString("message"));
    }

    [Fact]
    public async Task A_workflow_that_requires_itself_fails()
    {
        _project.With("main.dig", "+t:\n  require>: main\n");

        var tasks = await _project.RunAsync("main");

        Assert.StartsWith("Workflow 'main' requires its own session", tasks[1].Error.GetString("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_session_of_the_same_workflow_may_be_required()
    {
        _project.With("main.dig", "+t:\n  if>: ${session_date != '2020-01-01'}\n  _do:\n    require>: main\n    session_time: 2020-01-01T00:00:00+00:00\n+say:\n  sh>: echo $session_date >> made.txt\n");

        var tasks = await _project.RunAsync("main");

        Assert.Equal(TaskState.Success, tasks[0].State);
        Assert.Equal(["2020-01-01", "2026-03-04"], File.ReadAllLines(_project.PathOf("made.txt")));
    }

    [Fact]
    public async Task A_secret_that_was_read_is_never_said()
    {
        _project.SystemConfig["secrets.db.password"] = "hunter2-and-more";
        _project.With(
            "main.dig",
            "+save:\n  sh>: echo '${secret:db.password}' > kept.txt\n+show:\n  sh>: cat kept.txt; head -c 7 kept.txt; tail -c +8 kept.txt; exit 1\n  _error:\n    echo>: ${error.output}\n");

        var tasks = await _project.RunAsync("main");

        Assert.Equal("hunter2-and-more", File.ReadAllText(_project.PathOf("kept.txt")).Trim());
        Assert.DoesNotContain("hunter2", _project.Said, StringComparison.Ordinal);
        Assert.Contains("***\n***\n", _project.Said, StringComparison.Ordinal);
        Assert.Equal("""["***","***"]""", ConfigJson.Write(tasks.Single(t => t.FullName == "+main+show").Error["output"]!));
    }

    [Fact]
    public async Task A_secret_in_a_failure_is_masked()
    {
        _project.SystemConfig["secrets.name"] = "hidden-shell";
        _project.With("main.dig", "+t:\n  http>: http://127.0.0.1:1/${secret:name}\n  retry: false\n  query: {again: '${secret:name}'}\n+u:\n  echo>: x\n");

        var tasks = await _project.RunAsync("main");

        Assert.DoesNotContain("hidden-shell", ConfigJson.Write(tasks[1].Error), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-shell", _project.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_carries_the_last_lines_of_the_output()
    {
        _project.With("main.dig", "+t:\n  sh>: echo one; echo two >&2; exit 3\n");

        var error = (await _project.RunAsync("main"))[1].Error;

        Assert.Equal("""{"message":"Command failed with code 3 (runtime)","output":["one","two"]}""", ConfigJson.Write(error));
    }

    [Fact]
    public async Task A_task_that_takes_too_long_is_ended()
    {
        _project.With("main.dig", "+t:\n  sh>: sleep 600\n  _timeout: 1s\n");

        var error = (await _project.RunAsync("main"))[1].Error;

        Assert.Equal("The task did not end within 1s (_timeout)", error.GetString("message"));
    }

    [Fact]
    public async Task Waiting_between_polls_counts_as_time()
    {
        _project.With("main.dig", "+t:\n  wait>: 600s\n  _timeout: 1s\n");

        var error = (await _project.RunAsync("main"))[1].Error;

        Assert.Equal("The task did not end within 1s (_timeout)", error.GetString("message"));
    }

    [Fact]
    public async Task Each_try_has_the_time_anew()
    {
        _project.With("main.dig", "+t:\n  sh>: echo x >> tries.txt; if [ $(wc -l < tries.txt) -lt 2 ]; then sleep 600; fi\n  _timeout: 2s\n  _retry: 1\n");

        var tasks = await _project.RunAsync("main");

        Assert.Equal(TaskState.Success, tasks[0].State);
        Assert.Equal(2, File.ReadAllLines(_project.PathOf("tries.txt")).Length);
    }

    [Theory]
    [InlineData("10", "Invalid _timeout format: 10 (write it as \"10m\" or \"1h 30m\") (config)")]
    [InlineData("soon", "Invalid _timeout format: \"soon\" (write it as \"10m\" or \"1h 30m\") (config)")]
    public async Task A_timeout_needs_a_unit(string value, string message)
    {
        _project.With("main.dig", $"+t:\n  echo>: x\n  _timeout: {value}\n");

        Assert.Equal(message, (await _project.RunAsync("main"))[1].Error.GetString("message"));
    }

    [Fact]
    public async Task Task_logs_hold_lines_and_output()
    {
        _project.With("main.dig", "timezone: Asia/Tokyo\n+t:\n  sh>: echo out; echo err >&2\n");

        await _project.RunAsync("main", withTaskLogs: true);

        var file = Assert.Single(Directory.GetFiles(_project.PathOf("logs"), "*.log.gz", SearchOption.AllDirectories));
        Assert.Equal("0.1main@20260304T140607+0900", Path.GetFileName(Path.GetDirectoryName(file)));
        Assert.Matches("^\\+main\\+t@[0-9a-f]{16}\\.1@host\\.log\\.gz$", Path.GetFileName(file));
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000 \[INFO\] \(0001@\+main\+t\): sh>: echo out; echo err >&2\nout\nerr\n$", reader.ReadToEnd());
    }
}
