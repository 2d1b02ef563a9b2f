using System.Text;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Completion;

/// <summary>The script for zsh.</summary>
internal static class ZshCompletion
{
    /// <summary>The script.</summary>
    /// <param name="program">Name of the program.</param>
    /// <param name="commands">Its commands.</param>
    public static string Script(string program, IReadOnlyList<CommandSyntax> commands)
    {
        var text = new StringBuilder();
        text.Append($"#compdef {program}\n\n_{program}_workflows() {{\n  local -a found\n  found=(*.dig(N:r))\n  compadd -a found\n}}\n\n_{program}() {{\n");
        text.Append("  local -a commands\n  commands=(\n");
        foreach (var command in commands)
        {
            text.Append($"    {Quoted($"{command.Name}:{command.Summary}")}\n");
        }

        text.Append("  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n");
        text.Append("  local command=$words[2]\n  words=(\"${(@)words[2,-1]}\")\n  (( CURRENT-- ))\n  case $command in\n");
        foreach (var command in commands)
        {
            text.Append("    ").AppendJoin('|', command.Aliases.Prepend(command.Name)).Append(")\n      _arguments \\\n");
            foreach (var option in CompletedValues.OptionsOf(command))
            {
                AppendOption(text, option);
            }

            text.Append(CompletedValues.Of(command) == CompletedValue.Workflow ? $"        '*:workflow:_{program}_workflows'\n" : "        '*: :_default'\n").Append("      ;;\n");
        }

        return text.Append("  esac\n}\n\n_").Append(program).Append(" \"$@\"\n").ToString();
    }

    private static void AppendOption(StringBuilder text, OptionSyntax option)
    {
        var repeats = option.Kind is OptionKind.KeyValues or OptionKind.Dynamic or OptionKind.Rest ? "*" : string.Empty;
        var value = option.ValueName is not { } name ? string.Empty : $":{Escaped(name)}:" + (option.Words, CompletedValues.Of(option)) switch
        {
            ({ Count: > 0 } words, _) => $"({string.Join(' ', words)})",
            (_, CompletedValue.Directory) => "_files -/",
            (_, CompletedValue.File) => "_files",
            _ => " ",
        };
        foreach (var spelling in option.Names)
        {
            text.Append("        ").Append(Quoted($"{repeats}{spelling}[{Escaped(option.Summary!)}]{value}")).Append(" \\\n");
        }
    }

    private static string Escaped(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("[", "\\[", StringComparison.Ordinal)
        .Replace("]", "\\]", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
