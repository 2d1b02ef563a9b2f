using System.Text;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Completion;

/// <summary>The script for bash 3.2 and later.</summary>
internal static class BashCompletion
{
    /// <summary>The script.</summary>
    /// <param name="program">Name of the program.</param>
    /// <param name="commands">Its commands.</param>
    public static string Script(string program, IReadOnlyList<CommandSyntax> commands)
    {
        var text = new StringBuilder();
        text.Append(
            $$"""
            # bash completion for {{program}}
            _{{program}}() {
              local cur prev cmd i opts
              cur="${COMP_WORDS[COMP_CWORD]}"
              prev="${COMP_WORDS[COMP_CWORD-1]}"
              cmd=""
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "${COMP_WORDS[i]}" in
                  -*) ;;
                  *) cmd="${COMP_WORDS[i]}"; break ;;
                esac
              done
              COMPREPLY=()
              case "$cmd" in
                "")
                  COMPREPLY=($(compgen -W "{{string.Join(' ', commands.Select(c => c.Name))}} --help --version" -- "$cur"))
                  return ;;

            """);
        foreach (var command in commands)
        {
            AppendCommand(text, command);
        }

        text.Append(
            $$"""
              esac
              case "$cur" in
                -*) COMPREPLY=($(compgen -W "$opts" -- "$cur")) ;;
              esac
            }
            complete -F _{{program}} {{program}}

            """);
        return text.ToString();
    }

    private static void AppendCommand(StringBuilder text, CommandSyntax command)
    {
        text.Append("    ").AppendJoin('|', command.Aliases.Prepend(command.Name)).Append(")\n");
        text.Append("      opts=\"").AppendJoin(' ', CompletedValues.OptionsOf(command).SelectMany(o => o.Names)).Append("\"\n");
        text.Append("      case \"$prev\" in\n");
        foreach (var option in CompletedValues.OptionsOf(command))
        {
            var names = string.Join('|', option.Names);
            if (option.Words is { Count: > 0 } words)
            {
                text.Append($"        {names}) COMPREPLY=($(compgen -W \"{string.Join(' ', words)}\" -- \"$cur\")); return ;;\n");
            }
            else if (CompletedValues.Of(option) is var kind and not CompletedValue.Unknown)
            {
                text.Append($"        {names}) COMPREPLY=($(compgen {(kind == CompletedValue.Directory ? "-d" : "-f")} -- \"$cur\")); return ;;\n");
            }
            else if (option.ValueName is not null)
            {
                text.Append($"        {names}) return ;;\n");
            }
        }

        text.Append("      esac\n");
        if (CompletedValues.Of(command) == CompletedValue.Workflow)
        {
            text.Append("      case \"$cur\" in\n        -*) ;;\n")
                .Append("        *) COMPREPLY=($(compgen -W \"$(for f in *.dig; do [ -e \"$f\" ] && printf '%s ' \"${f%.dig}\"; done)\" -- \"$cur\")); return ;;\n      esac\n");
        }

        text.Append("      ;;\n");
    }
}
