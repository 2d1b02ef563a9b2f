namespace WfRunner.Cli.CommandLine;

/// <summary>
/// Takes a command's arguments apart by Digdag's rules, which no common parser library follows: a value is always the next
/// argument (never <c>--name=value</c>), no clusters, no abbreviations, surrounding white space and quotation marks are removed,
/// a scalar option may stand once (cli-local 2; docs/decisions/0002-command-line-parser.md).
/// </summary>
public static class ArgumentParser
{
    /// <summary>Takes arguments apart.</summary>
    /// <param name="arguments">What follows the command's name.</param>
    /// <param name="options">Every option that is allowed.</param>
    /// <returns>The options and positional arguments.</returns>
    /// <exception cref="CommandLineException">An unknown option, a missing or malformed value, or a repeated option.</exception>
    public static ParsedArguments Parse(IEnumerable<string> arguments, IReadOnlyList<OptionSyntax> options)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(options);
        var parsed = new ParsedArguments();
        var rest = new Queue<string>(arguments.Select(Trim));
        var byName = options.SelectMany(o => o.Names.Select(n => (Name: n, Option: o)))
            .ToDictionary(p => p.Name, p => p.Option, StringComparer.Ordinal);
        while (rest.TryDequeue(out var argument))
        {
            if (argument == "--")
            {
                AddPositional(parsed, rest);
                break;
            }
            else if (!argument.StartsWith('-'))
            {
                AddPositional(parsed, [argument]);
            }
            else if (byName.TryGetValue(argument, out var option))
            {
                Take(parsed, option, argument, rest);
            }
            else if (Glued(argument, options) is var (dynamic, value))
            {
                parsed.Add(dynamic, Pair(dynamic, value));
            }
            else
            {
                throw new CommandLineException($"Unknown option: {argument}");
            }
        }

        return parsed;
    }

    private static void Take(ParsedArguments parsed, OptionSyntax option, string spelling, Queue<string> rest)
    {
        if (option.Kind is OptionKind.Flag or OptionKind.Value && parsed.Has(option))
        {
            throw new CommandLineException($"Can only specify option {option.Name} once.");
        }

        switch (option.Kind)
        {
            case OptionKind.Flag:
                parsed.Add(option, "true");
                break;
            case OptionKind.Rest:
                while (rest.TryPeek(out var next) && !(next.Length > 1 && next.StartsWith('-')))
                {
                    parsed.Add(option, rest.Dequeue());
                }

                break;
            default:
                var value = rest.TryDequeue(out var given)
                    ? given
                    : throw new CommandLineException($"Expected a value after parameter {spelling}");
                parsed.Add(option, option.Kind == OptionKind.Value ? value : Pair(option, value));
                break;
        }
    }

    private static string Pair(OptionSyntax option, string value)
    {
        if (value.Contains('=', StringComparison.Ordinal))
        {
            return value;
        }

        var what = option.Kind == OptionKind.Dynamic ? "Dynamic parameter" : $"Parameter {option.Name}";
        throw new CommandLineException($"{what} expected a value of the form a=b but got:{value}");
    }

    private static (OptionSyntax Option, string Value)? Glued(string argument, IReadOnlyList<OptionSyntax> options)
    {
        foreach (var option in options.Where(o => o.Kind == OptionKind.Dynamic))
        {
            if (argument.StartsWith(option.Name, StringComparison.Ordinal))
            {
                return (option, argument[option.Name.Length..]);
            }
        }

        return null;
    }

    private static void AddPositional(ParsedArguments parsed, IEnumerable<string> arguments)
    {
        foreach (var argument in arguments)
        {
            if (argument.Length > 0)
            {
                parsed.Positional.Add(argument);
            }
            else
            {
                parsed.HasEmptyPositional = true;
            }
        }
    }

    private static string Trim(string argument)
    {
        var trimmed = argument.Trim();
        return trimmed.Length > 1 && trimmed.StartsWith('"') && trimmed.EndsWith('"') ? trimmed[1..^1] : trimmed;
    }
}
