using WfRunner.Cli.CommandLine;
using WfRunner.Cli.Commands.Local;

namespace WfRunner.Cli;

/// <summary>All commands of the program, in the order Digdag lists them. A new command is one file and one line here.</summary>
internal static class CommandCatalog
{
    public static IReadOnlyList<ICommand> All { get; } =
    [
        new InitCommand(),
        new RunCommand(),
        new CheckCommand(),
    ];

    public static ICommand? Find(string name) =>
        All.FirstOrDefault(c => c.Syntax.Name == name || c.Syntax.Aliases.Contains(name));
}
