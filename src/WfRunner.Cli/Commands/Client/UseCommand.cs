using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Configuration;

namespace WfRunner.Cli.Commands.Client;

/// <summary><c>wf use</c>: chooses the project of a folder, which commands mean when they name none.</summary>
internal sealed class UseCommand : ICommand
{
    private static readonly OptionSyntax Clear = OptionSyntax.Flag($"forget the project of this folder ({TdxFile.Name})", "--clear");

    /// <inheritdoc/>
    public CommandSyntax Syntax { get; } = new()
    {
        Name = "use",
        Group = CommandGroup.Client,
        Arguments = "[project] [options...]",
        Summary = "choose the project that commands in this folder mean",
        Options = [Clear],
        MaximumArguments = 1,
        Examples = ["use myproj", "use", "use --clear"],
    };

    /// <inheritdoc/>
    public async Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken)
    {
        if (arguments.Has(Clear))
        {
            if (arguments.Positional.Count > 0)
            {
                throw new UsageException("--clear takes no project");
            }

            TdxFile.Write(context.CurrentDirectory, null);
            await context.Out.WriteLineAsync("This folder has no project of its own any more.").ConfigureAwait(false);
        }
        else if (arguments.Positional.Count > 0)
        {
            TdxFile.Write(context.CurrentDirectory, arguments.Positional[0]);
            await context.Out.WriteLineAsync($"Project {arguments.Positional[0]} ({TdxFile.Name})").ConfigureAwait(false);
        }
        else
        {
            var current = CurrentProject.Find(context)
                ?? throw new CommandLineException($"No project is chosen here. Choose one with `{context.ProgramName} use PROJECT` or the variable WF_PROJECT.");
            await context.Out.WriteLineAsync($"Project {current.Name} ({current.Source})").ConfigureAwait(false);
        }

        return 0;
    }
}
