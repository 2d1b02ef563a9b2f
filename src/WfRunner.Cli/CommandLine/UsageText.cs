using System.Text;

namespace WfRunner.Cli.CommandLine;

/// <summary>Prints usage texts from the same descriptions that are parsed.</summary>
public static class UsageText
{
    private const int SummaryColumn = 40;

    /// <summary>The usage of the program.</summary>
    /// <param name="program">How the program calls itself.</param>
    /// <param name="commands">All commands.</param>
    /// <param name="withHint">Whether the line about a command's own help ends the text.</param>
    /// <returns>Several lines.</returns>
    public static string OfProgram(string program, IReadOnlyList<CommandSyntax> commands, bool withHint)
    {
        ArgumentNullException.ThrowIfNull(commands);
        var text = new StringBuilder();
        text.Append("Usage: ").Append(program).Append(" <command> [options...]\n");
        AppendGroup(text, "Local-mode commands:", commands, CommandGroup.Local);
        AppendGroup(text, "Server-mode commands:", commands, CommandGroup.Server);
        AppendGroup(text, "Client-mode commands:", commands, CommandGroup.Client);
        text.Append("\n  Options:\n");
        AppendOptions(text, CommonOptions.All);
        text.Append("        --version".PadRight(SummaryColumn)).Append("show the version of this program\n");
        if (withHint)
        {
            text.Append("\nUse `").Append(program).Append(" <command> --help` to see detailed usage of a command.\n");
        }

        return text.ToString();
    }

    /// <summary>The usage of a command.</summary>
    /// <param name="program">How the program calls itself.</param>
    /// <param name="command">The command.</param>
    /// <returns>Several lines.</returns>
    public static string OfCommand(string program, CommandSyntax command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var text = new StringBuilder();
        text.Append("Usage: ").Append(program).Append(' ').Append(command.Name).Append(' ').Append(command.Arguments).Append('\n');
        text.Append("  ").Append(command.Summary).Append('\n');
        text.Append("\n  Options:\n");
        AppendOptions(text, command.Options);
        text.Append("\n  Common options:\n");
        AppendOptions(text, CommonOptions.All);
        if (command.Examples.Count > 0)
        {
            text.Append("\n  Examples:\n");
            foreach (var example in command.Examples)
            {
                text.Append("    $ ").Append(program).Append(' ').Append(example).Append('\n');
            }
        }

        return text.ToString();
    }

    private static void AppendGroup(StringBuilder text, string title, IReadOnlyList<CommandSyntax> commands, CommandGroup group)
    {
        text.Append("\n  ").Append(title).Append('\n');
        foreach (var command in commands.Where(c => c.Group == group))
        {
            var names = string.Join(", ", command.Aliases.Prepend(command.Name));
            text.Append(("    " + names).PadRight(SummaryColumn)).Append(command.Summary).Append('\n');
        }
    }

    private static void AppendOptions(StringBuilder text, IReadOnlyList<OptionSyntax> options)
    {
        foreach (var option in options.Where(o => o.Summary is not null))
        {
            var names = string.Join(", ", option.Names);
            var head = (option.Name.StartsWith("--", StringComparison.Ordinal) ? "        " : "    ") + names;
            if (option.ValueName is not null)
            {
                head += " " + option.ValueName;
            }

            text.Append(head.Length < SummaryColumn ? head.PadRight(SummaryColumn) : head + "\n" + new string(' ', SummaryColumn));
            text.Append(option.Summary).Append('\n');
        }
    }
}
