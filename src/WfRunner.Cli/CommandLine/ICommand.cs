namespace WfRunner.Cli.CommandLine;

/// <summary>A command of the program. Commands compute and print; they hold no state between calls.</summary>
public interface ICommand
{
    /// <summary>Name, options and help of the command.</summary>
    CommandSyntax Syntax { get; }

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">Its arguments, already checked against <see cref="Syntax"/>.</param>
    /// <param name="context">Streams, configuration, clock.</param>
    /// <param name="cancellationToken">Signalled by Ctrl-C and TERM.</param>
    /// <returns>The exit code.</returns>
    Task<int> RunAsync(ParsedArguments arguments, CommandContext context, CancellationToken cancellationToken);
}
