using System.Text;
using System.Text.RegularExpressions;

namespace WfRunner.Cli.Commands.Client;

/// <summary>
/// Leaves lines below INFO out, with the lines that belong to them: a line without a level shares the fate of the one before it.
/// Keeps its state over pieces of a file. Digdag behaviour: cli-client 8.13.
/// </summary>
internal sealed partial class LogLineFilter(bool verbose)
{
    private bool _shown = true;
    private bool _atLineStart = true;

    /// <summary>Filters the next piece of a file.</summary>
    /// <returns>What is to be printed of it.</returns>
    public string Apply(string text)
    {
        if (verbose)
        {
            return text;
        }

        var kept = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at) is var newline and >= 0 ? newline + 1 : text.Length;
            var line = text[at..end];
            if (_atLineStart && Level().Match(line) is { Success: true } level && Rank(level.Groups[1].Value) is { } rank)
            {
                _shown = rank;
            }

            if (_shown)
            {
                kept.Append(line);
            }

            _atLineStart = line.EndsWith('\n');
            at = end;
        }

        return kept.ToString();
    }

    private static bool? Rank(string level) => level switch
    {
        "ERROR" or "error" or "WARN" or "warn" or "INFO" or "info" => true,
        "DEBUG" or "debug" or "TRACE" or "trace" => false,
        _ => null,
    };

    [GeneratedRegex(@"^[\d:\s\-+.]+\[(\w+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Level();
}
