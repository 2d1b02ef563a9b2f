using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Completion;

namespace WfRunner.Cli.Commands.Local;

/// <summary><c>wf completion</c>: prints a script that lets a shell complete commands, options and workflows.</summary>
internal sealed class CompletionCommand : ICommand
{
    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "completion",
        Group = CommandGroup.Local,
        Arguments = "<bash | zsh | fish | pwsh>",
        Summary = "print a script for completion in a shell",
        MinimumArguments = 1,
        MaximumArguments = 1,
        Examples =
        [
            "completion bash > ~/.local/share/bash-completion/completions/wf",
            "completion zsh > \"${fpath[1]}/_wf\"",
            "completion fish > ~/.config/fish/completions/wf.fish",
            "completion pwsh >> $PROFILE",
        ],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        var commands = CommandCatalog.All.Select(c => c.Syntax).ToList();
        var script = arguments.Positional[0] switch
        {
            "bash" => BashCompletion.Script(context.ProgramName, commands),
            "zsh" => ZshCompletion.Script(context.ProgramName, commands),
            "fish" => FishCompletion.Script(context.ProgramName, commands),
            "pwsh" or "powershell" => PowerShellCompletion.Script(context.ProgramName, commands),
            var other => throw new CommandLineException($"No completion for the shell '{other}'. Use one of bash, zsh, fish and pwsh."),
        };
        await context.Out.WriteAsync(script).ConfigureAwait(false);
        return 0;
    }
}
