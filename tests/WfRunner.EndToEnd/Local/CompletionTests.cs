using System.Diagnostics;
using WfRunner.EndToEnd.Support;

namespace WfRunner.EndToEnd.Local;

/// <summary><c>wf completion</c> in the shells themselves.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("wf ch", "check")]
    [InlineData("wf check --fo", "--format")]
    [InlineData("wf check --format s", "sarif")]
    [InlineData("wf run m", "main")]
    [InlineData("wf r --re", "--rerun")]
    public async Task Bash_and_fish_offer_commands_options_values_and_workflows(string line, string offered)
    {
        using var folder = new TestFolder(("main.dig", "+a: {echo>: x}"), ("other.dig", "+a: {echo>: x}"));
        folder.Write("wf.bash", (await Wf.RunAsync(folder, "completion", "bash")).Exits(0).Out);
        folder.Write("wf.fish", (await Wf.RunAsync(folder, "completion", "fish")).Exits(0).Out);
        var words = line.Split(' ');

        Assert.Equal(offered, await ShellAsync(folder, "bash", $"source wf.bash; COMP_WORDS=({line}); COMP_CWORD={words.Length - 1}; _wf; echo \"${{COMPREPLY[@]}}\""));
        Assert.Contains(offered, (await ShellAsync(folder, "fish", $"source wf.fish; complete -C '{line}'")).Split('\n').Select(l => l.Split('\t')[0]));
    }

    [Fact]
    public async Task Zsh_reads_its_script()
    {
        using var folder = new TestFolder();
        folder.Write("_wf", (await Wf.RunAsync(folder, "completion", "zsh")).Exits(0).Out);

        Assert.Equal(string.Empty, await ShellAsync(folder, "zsh", "zsh -n _wf && autoload -Uz compinit && compinit -u -D && fpath=(. $fpath) && autoload -Uz _wf && compdef _wf wf"));
    }

    [Fact]
    public async Task PowerShell_gets_every_command_and_other_shells_an_error()
    {
        using var folder = new TestFolder();

        Assert.Contains("'check' = [ordered]@{", (await Wf.RunAsync(folder, "completion", "pwsh")).Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("Use one of bash, zsh, fish and pwsh.", (await Wf.RunAsync(folder, "completion", "tcsh")).Exits(1).Error, StringComparison.Ordinal);
    }

    private static async Task<string> ShellAsync(TestFolder folder, string shell, string script)
    {
        var start = new ProcessStartInfo(shell)
        {
            WorkingDirectory = folder.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment["HOME"] = folder.Home;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await error);
        return output.TrimEnd('\n');
    }
}
