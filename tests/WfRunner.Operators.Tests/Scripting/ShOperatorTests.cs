using WfRunner.Core;
using WfRunner.Core.Operators;
using WfRunner.Operators.Scripting;

namespace WfRunner.Operators.Tests.Scripting;

public sealed class ShOperatorTests : IDisposable
{
    private readonly OperatorTestContext _context = new();
    private readonly ShOperator _sh = new();

    public void Dispose() => _context.Dispose();

    [Fact]
    public async Task Output_and_errors_come_in_their_order()
    {
        await _context.RunAsync(_sh, "sh>: for i in 1 2 3; do echo out $i; echo err $i >&2; done");

        Assert.Equal("out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n", _context.OutputText);
    }

    [Fact]
    public async Task A_script_gets_no_input_and_default_signals()
    {
        await _context.RunAsync(_sh, "sh>: cat; (exec python3 -c 'import signal; print(signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL, signal.pthread_sigmask(signal.SIG_BLOCK, []))')\nshell: [/bin/sh, -e]");

        // Python ignores SIGPIPE by itself, so the mask alone is told by it.
        Assert.EndsWith("set()\n", _context.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_writer()
    {
        await _context.RunAsync(_sh, "sh>: yes | head -n 1");

        Assert.Equal("y\n", _context.OutputText);
    }

    [Fact]
    public async Task Parameters_and_env_stand_in_the_environment()
    {
        _context.SecretValues["k"] = "s";

        await _context.RunAsync(
            _sh, "sh>: echo \"$text $number $list $nothing|$OWN $HOME\"\ntext: ä b\nnumber: 1.50\nlist: [1, x]\nnothing: null\n_env: {OWN: '${secret:k}', HOME: /nowhere}");

        Assert.Equal("ä b 1.5 [1,\"x\"] |s /nowhere\n", _context.OutputText);
    }

    [Theory]
    [InlineData("exit 3", "Command failed with code 3")]
    [InlineData("kill -9 $$", "Command failed with code 137")]
    public async Task The_exit_code_decides(string script, string message)
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => _context.RunAsync(_sh, $"sh>: {script}"));

        Assert.Equal(message, failure.Message);
        Assert.Equal(FailureKind.Runtime, failure.Kind);
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => _context.RunAsync(_sh, "sh>: x\nshell: [no-such-shell]"));

        Assert.StartsWith($"Cannot run program \"no-such-shell\" (in directory \"{_context.ProjectDirectory}\"): ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_with_a_slash_is_found_from_the_working_directory()
    {
        _context.Write("sub/bin/mine", "#!/bin/sh\necho mine\n. \"$1\"\n");
        await _context.RunAsync(_sh, "sh>: chmod +x sub/bin/mine");

        await _context.RunAsync(_sh, "sh>: echo done\nshell: [bin/mine]\n_workdir: sub");

        Assert.Equal("mine\ndone\n", _context.OutputText);
    }

    [Fact]
    public async Task A_script_without_an_interpreter_line_is_the_shells()
    {
        _context.Write("plain", "echo plain $#\n");
        await _context.RunAsync(_sh, "sh>: chmod +x plain");

        await _context.RunAsync(_sh, "sh>: x\nshell: [./plain]");

        Assert.Equal("plain 1\n", _context.OutputText);
    }

    [Fact]
    public async Task A_kill_ends_everything_the_script_has_started()
    {
        using var kill = new CancellationTokenSource();
        var pipe = _context.PathOf("alive");
        var run = _sh.RunAsync(
            OperatorTestContext.Request($"sh>: mkfifo alive; (sleep 600 & echo $! > started; wait) & sleep 600"), _context, kill.Token);
        while (!File.Exists(_context.PathOf("started")) || new FileInfo(_context.PathOf("started")).Length == 0)
        {
            Assert.False(run.IsCompleted, run.Exception?.ToString());
            await Task.Yield();
        }

        var grandchild = File.ReadAllText(_context.PathOf("started")).Trim();
        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        while (File.Exists($"/proc/{grandchild}/stat") && !File.ReadAllText($"/proc/{grandchild}/stat").Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        Assert.True(File.Exists(pipe));
    }

    [Theory]
    [InlineData("{}", "/dev/shm")]
    [InlineData("shell: [/bin/sh, -u]", ".digdag/tmp")]
    public async Task Tasks_side_by_side_have_folders_of_their_own_and_leave_none(string options, string parent)
    {
        var runs = Enumerable.Range(0, 20)
            .Select(i => _context.RunAsync(_sh, $"sh>: grep -q 'unique {i} ' \"$0\" && dirname \"$0\" >> folders # unique {i} {(options == "{}" ? string.Empty : "\n" + options)}"))
            .ToList();

        Assert.All(await Task.WhenAll(runs), o => Assert.Same(OperatorOutcome.Done, o));
        var folders = await File.ReadAllLinesAsync(_context.PathOf("folders"), TestContext.Current.CancellationToken);
        Assert.Equal(20, folders.Distinct().Count());
        Assert.All(folders, f => Assert.Matches($"^{parent}/digdag-sh-4-[0-9a-f]{{32}}$", f));
        Assert.All(folders, f => Assert.False(File.Exists(Path.Combine(_context.PathOf(f), "runner.sh"))));
    }

    [Fact]
    public async Task A_script_is_its_users_alone()
    {
        await _context.RunAsync(_sh, "sh>: stat -c %a \"$(dirname \"$0\")\"");

        Assert.Equal("700\n", _context.OutputText);
    }

    [Fact]
    public async Task What_a_script_leaves_in_its_folder_reaches_no_other_task()
    {
        const string shell = "\nshell: [/bin/sh, -u]";
        await _context.RunAsync(_sh, "sh>: touch \"$(dirname \"$0\")/left\"; mkdir \"$(dirname \"$0\")/folder\"" + shell);
        await _context.RunAsync(_sh, "sh>: touch \"$(dirname \"$0\")/left\"" + shell);

        await _context.RunAsync(_sh, "sh>: ls \"$(dirname \"$0\")\"" + shell);

        Assert.Equal("runner.sh\n", _context.OutputText);
    }
}
