using System.Text;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Completion;

/// <summary>The script for fish.</summary>
internal static class FishCompletion
{
    /// <summary>The script.</summary>
    /// <param name="program">Name of the program.</param>
    /// <param name="commands">Its commands.</param>
    public static string Script(string program, IReadOnlyList<CommandSyntax> commands)
    {
        var text = new StringBuilder();
        text.Append($"# fish completion for {program}\ncomplete -c {program} -f\n");
        foreach (var command in commands)
        {
            text.Append($"complete -c {program} -n __fish_use_subcommand -a {command.Name} -d {Quoted(command.Summary)}\n");
        }

        foreach (var command in commands)
        {
            var condition = $"complete -c {program} -n {Quoted("__fish_seen_subcommand_from " + string.Join(' ', command.Aliases.Prepend(command.Name)))}";
            if (CompletedValues.Of(command) == CompletedValue.Workflow)
            {
                text.Append(condition).Append(" -a '(set -l found *.dig; string replace .dig \"\" $found)'\n");
            }

            foreach (var option in CompletedValues.OptionsOf(command))
            {
                text.Append(condition).Append(Spellings(option)).Append(" -d ").Append(Quoted(option.Summary!)).Append(Value(option)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Spellings(OptionSyntax option) => string.Concat(option.Names.Select(n => n switch
    {
        ['-', '-', .. var longName] => " -l " + longName,
        ['-', var letter] => $" -s {letter}",
        _ => " -o " + n[1..],
    }));

    private static string Value(OptionSyntax option) => (option.Words, CompletedValues.Of(option)) switch
    {
        _ when option.ValueName is null => string.Empty,
        ({ Count: > 0 } words, _) => $" -x -a {Quoted(string.Join(' ', words))}",
        (_, CompletedValue.Directory) => " -x -a '(__fish_complete_directories)'",
        (_, CompletedValue.File) => " -r -F",
        _ => " -x",
    };

    private static string Quoted(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
}
