using System.Text;
using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Completion;

/// <summary>The script for PowerShell.</summary>
internal static class PowerShellCompletion
{
    /// <summary>The script.</summary>
    /// <param name="program">Name of the program.</param>
    /// <param name="commands">Its commands.</param>
    public static string Script(string program, IReadOnlyList<CommandSyntax> commands)
    {
        var text = new StringBuilder();
        text.Append($"# PowerShell completion for {program}\nRegister-ArgumentCompleter -Native -CommandName {Quoted(program)} -ScriptBlock {{\n");
        text.Append("  param($wordToComplete, $commandAst, $cursorPosition)\n  $commands = [ordered]@{\n");
        foreach (var command in commands)
        {
            text.Append($"    {Quoted(command.Name)} = {Quoted(command.Summary)}\n");
        }

        text.Append("  }\n  $options = @{\n");
        foreach (var command in commands)
        {
            foreach (var name in command.Aliases.Prepend(command.Name))
            {
                text.Append($"    {Quoted(name)} = [ordered]@{{\n");
                foreach (var option in CompletedValues.OptionsOf(command))
                {
                    foreach (var spelling in option.Names)
                    {
                        text.Append($"      {Quoted(spelling)} = {Quoted(option.Summary!)}\n");
                    }
                }

                text.Append("    }\n");
            }
        }

        text.Append(
            """
              }
              $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
              $command = $words | Where-Object { -not $_.StartsWith('-') } | Select-Object -First 1
              if (-not $command -or ($command -eq $wordToComplete -and $words.Count -eq 1)) {
                $offered = $commands
              } elseif ($wordToComplete.StartsWith('-')) {
                $offered = $options[$command]
              } else {
                $offered = [ordered]@{}
                if ($command -in 'run', 'r', 'check', 'c') {
                  Get-ChildItem -Path *.dig | ForEach-Object { $offered[$_.BaseName] = $_.Name }
                }
              }
              if ($offered) {
                $offered.Keys | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                  [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $offered[$_])
                }
              }
            }

            """);
        return text.ToString();
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
