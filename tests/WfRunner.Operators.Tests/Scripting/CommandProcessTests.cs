using System.Diagnostics;
using System.Globalization;
using WfRunner.Core;
using WfRunner.Operators.Scripting;

namespace WfRunner.Operators.Tests.Scripting;

public sealed class CommandProcessTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wf-command-");
    private readonly WatchedStream _output = new();

    public void Dispose()
    {
        _output.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Output_and_errors_come_in_their_order()
    {
        Assert.Equal(0, await ShellAsync("i=0; while [ $i -lt 300 ]; do echo out$i; echo err$i >&2; i=$((i+1)); done"));

        Assert.Equal(string.Concat(Enumerable.Range(0, 300).Select(i => $"out{i}\nerr{i}\n")), _output.Text);
    }

    [Fact]
    public async Task Output_comes_unchanged_however_much_it_is()
    {
        await ShellAsync("head -c 3000000 /dev/zero | tr '\\000' '\\377'; printf '\\000\\r\\n'");

        Assert.Equal([.. Enumerable.Repeat((byte)0xff, 3000000), 0, 13, 10], _output.ToArray());
    }

    [Fact]
    public async Task Input_is_empty()
    {
        Assert.Equal(0, await ShellAsync("cat; echo end"));

        Assert.Equal("end\n", _output.Text);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -TERM $$", 143)]
    public async Task The_exit_code_is_the_commands(string script, int code) => Assert.Equal(code, await ShellAsync(script));

    [Fact]
    public async Task A_pipe_that_nobody_reads_ends_its_writer_silently()
    {
        Assert.Equal(0, await ShellAsync("yes | head -n 1"));

        Assert.Equal("y\n", _output.Text);
    }

    [Fact]
    public async Task The_environment_is_this_processs_with_own_variables_on_top()
    {
        await RunAsync(["/bin/sh", "-c", "echo \"$HOME|$GREETING|$EMPTY|\""], new() { ["GREETING"] = "grüß\n=x", ["EMPTY"] = "" });

        Assert.Equal($"{Environment.GetEnvironmentVariable("HOME")}|grüß\n=x||\n", _output.Text);
    }

    [Fact]
    public async Task Own_variables_replace_inherited_ones()
    {
        await RunAsync(["/bin/sh", "-c", "/usr/bin/env | /usr/bin/env grep -c '^HOME='; echo $HOME"], new() { ["HOME"] = "/elsewhere" });

        Assert.Equal("1\n/elsewhere\n", _output.Text);
    }

    [Fact]
    public async Task An_open_file_of_this_process_is_not_inherited()
    {
        using var open = File.Create(Path.Combine(_folder.FullName, "open"));

        await RunAsync(["/bin/sh", "-c", "for d in /proc/self/fd/*; do echo ${d##*/}; done"], Nothing);

        Assert.DoesNotContain(open.SafeFileHandle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture), _output.Text.Split('\n'));
    }

    [Fact]
    public async Task It_runs_in_its_working_directory_and_finds_relative_programs_there()
    {
        Script("here.sh", "#!/bin/sh\npwd -P\n");

        Assert.Equal(0, await RunAsync(["./here.sh"], Nothing));

        Assert.Equal(new FileInfo(Path.Combine(_folder.FullName, "here.sh")).DirectoryName + "\n", _output.Text);
    }

    [Fact]
    public async Task A_script_that_names_no_interpreter_is_the_shells()
    {
        Script("plain", "echo \"plain $1\"\nexit 4\n");

        Assert.Equal(4, await RunAsync(["./plain", "a b"], Nothing));

        Assert.Equal("plain a b\n", _output.Text);
    }

    [Theory]
    [InlineData("no-such-program", 2)]
    [InlineData("./no-such-program", 2)]
    [InlineData("/dev/null", 13)]
    public async Task What_cannot_be_started_says_why(string program, int error)
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => RunAsync([program], Nothing));

        Assert.StartsWith($"Cannot run program \"{program}\" (in directory \"{_folder.FullName}\"): error={error}, ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Runtime, failure.Kind);
    }

    [Fact]
    public async Task A_missing_working_directory_is_said()
    {
        var failure = await Assert.ThrowsAsync<WorkflowException>(() => CommandProcess.RunAsync(
            ["/bin/sh", "-c", ":"], "/no/such/folder", Nothing, _output, TestContext.Current.CancellationToken));

        Assert.StartsWith("Cannot run program \"/bin/sh\" (in directory \"/no/such/folder\"): error=2, ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NUL_is_refused_rather_than_cut_off()
    {
        await Assert.ThrowsAsync<ConfigException>(() => RunAsync(["/bin/echo", "a\0b"], Nothing));
        await Assert.ThrowsAsync<ConfigException>(() => RunAsync(["/bin/echo"], new() { ["A"] = "a\0b" }));
    }

    [Fact]
    public async Task What_a_background_child_says_belongs_to_the_output()
    {
        var run = ShellAsync("mkfifo gate; (read line < gate; echo late) & echo first");
        await _output.ContainsAsync("first");

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "gate"), "go\n", TestContext.Current.CancellationToken);

        Assert.Equal(0, await run);
        Assert.Equal("first\nlate\n", _output.Text);
    }

    [Fact]
    public async Task A_kill_ends_the_whole_tree()
    {
        using var kill = new CancellationTokenSource();
        var run = CommandProcess.RunAsync(
            ["/bin/sh", "-c", "sh -c 'sleep 1000 & echo $! $$; wait' & wait"], _folder.FullName, Nothing, _output, kill.Token);
        await _output.ContainsAsync("\n");
        var ids = _output.Text.Trim().Split(' ').Select(t => int.Parse(t, CultureInfo.InvariantCulture));
        var processes = ids.Select(Process.GetProcessById).ToList();

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        foreach (var process in processes)
        {
            using (process)
            {
                await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task A_kill_does_not_wait_for_a_daemon_that_left_the_tree()
    {
        using var kill = new CancellationTokenSource();
        var run = CommandProcess.RunAsync(
            ["/bin/sh", "-c", "(setsid sleep 1000 & echo $!); exec sleep 1000"],
            _folder.FullName, Nothing, _output, new CommandOptions { Grace = TimeSpan.FromMilliseconds(50) }, kill.Token);
        await _output.ContainsAsync("\n");
        using var daemon = Process.GetProcessById(int.Parse(_output.Text, CultureInfo.InvariantCulture));

        await kill.CancelAsync();
        try
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }
        finally
        {
            daemon.Kill();
        }
    }

    [Fact]
    public async Task A_killed_command_may_clean_up_first()
    {
        using var kill = new CancellationTokenSource();
        var run = CommandProcess.RunAsync(
            ["/bin/sh", "-c", "trap 'echo cleaned up; exit 0' TERM; echo ready; while :; do sleep 1000 & wait; done"],
            _folder.FullName, Nothing, _output, kill.Token);
        await _output.ContainsAsync("ready");

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.EndsWith("cleaned up\n", _output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_below_the_shell_may_clean_up_too()
    {
        using var kill = new CancellationTokenSource();
        Script("job.sh", "#!/bin/sh\ntrap 'sleep 0.2; echo cleaned up > result; exit 0' TERM\necho ready >&2\nwhile :; do sleep 1000 & wait; done\n");
        var run = CommandProcess.RunAsync(
            ["/bin/sh", "-c", "./job.sh 2> gate > /dev/null; echo never"], _folder.FullName, Nothing, _output, kill.Token);
        var gate = Path.Combine(_folder.FullName, "gate");
        while (!run.IsCompleted && (!File.Exists(gate) || new FileInfo(gate).Length == 0))
        {
            await Task.Yield();
        }

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal("cleaned up\n", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "result"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_killed_command_that_does_not_end_is_ended()
    {
        using var kill = new CancellationTokenSource();
        var run = CommandProcess.RunAsync(
            ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1000 & wait; done"],
            _folder.FullName, Nothing, _output, new CommandOptions { Grace = TimeSpan.FromMilliseconds(50) }, kill.Token);
        await _output.ContainsAsync("ready");

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_command_leaves_behind_when_told_to_end_ends_with_it()
    {
        using var kill = new CancellationTokenSource();
        var run = CommandProcess.RunAsync(
            ["/bin/sh", "-c", "setsid sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1000 & wait; done' & exec sleep 1000"],
            _folder.FullName, Nothing, _output, new CommandOptions { Grace = TimeSpan.FromMilliseconds(50) }, kill.Token);
        await _output.ContainsAsync("\n");
        using var left = Process.GetProcessById(int.Parse(_output.Text, CultureInfo.InvariantCulture));

        await kill.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await left.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Whoever_has_no_time_ends_all_commands_at_once()
    {
        var run = ShellAsync("trap '' TERM; echo ready; while :; do sleep 1000 & wait; done");
        await _output.ContainsAsync("ready");

        RunningCommands.KillAll();

        Assert.Equal(137, await run);
    }

    [Fact]
    public async Task A_command_gets_its_input_and_its_answer_is_kept_apart()
    {
        var answer = new Answer(maximumLength: 2_000_000);
        var input = new byte[1_000_000];
        Random.Shared.NextBytes(input);

        var code = await CommandProcess.RunAsync(
            ["/bin/sh", "-c", "echo asked >&2; cat; echo said >&2"],
            _folder.FullName, Nothing, _output, new CommandOptions { Input = input, Answer = answer }, TestContext.Current.CancellationToken);

        Assert.Equal(0, code);
        Assert.Equal(input, answer.Bytes.ToArray());
        Assert.Equal("asked\nsaid\n", _output.Text);
    }

    [Fact]
    public async Task An_input_need_not_be_read() => Assert.Equal(0, await CommandProcess.RunAsync(
        ["/bin/true"],
        _folder.FullName,
        Nothing,
        _output,
        new CommandOptions { Input = new byte[1_000_000], Answer = new Answer(10) },
        TestContext.Current.CancellationToken));

    [Fact]
    public async Task An_endless_answer_ends_the_command()
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => CommandProcess.RunAsync(
            ["yes"], _folder.FullName, Nothing, _output, new CommandOptions { Answer = new Answer(100_000) }, TestContext.Current.CancellationToken));

        Assert.Equal("The answer on standard output is larger than 100000 bytes", failure.Message);
    }

    [Fact]
    public async Task A_run_that_is_already_killed_starts_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CommandProcess.RunAsync(
            ["/bin/sh", "-c", "touch started"], _folder.FullName, Nothing, _output, new CancellationToken(canceled: true)));

        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_ends_the_command()
    {
        using var full = new FullStream();

        await Assert.ThrowsAsync<IOException>(() => CommandProcess.RunAsync(
            ["/bin/sh", "-c", "echo x; exec sleep 1000"], _folder.FullName, Nothing, full, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own()
    {
        var codes = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => CommandProcess.RunAsync(
            ["/bin/sh", "-c", $"exit {i}"], _folder.FullName, Nothing, Stream.Null, TestContext.Current.CancellationToken)));

        Assert.Equal(Enumerable.Range(0, 60), codes);
    }

    private Task<int> ShellAsync(string script) => RunAsync(["/bin/sh", "-c", script], Nothing);

    private Task<int> RunAsync(IReadOnlyList<string> command, Dictionary<string, string> environment) =>
        CommandProcess.RunAsync(command, _folder.FullName, environment, _output, TestContext.Current.CancellationToken);

    private void Script(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("no space left");
    }
}
