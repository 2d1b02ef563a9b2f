using System.Globalization;

namespace WfRunner.Cli.CommandLine;

/// <summary>The arguments of one command, taken apart.</summary>
public sealed class ParsedArguments
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>Positional arguments in order.</summary>
    public IList<string> Positional { get; } = [];

    /// <summary>Whether an empty argument was dropped, as a variable of a script that is not set leaves one.</summary>
    public bool HasEmptyPositional { get; set; }

    /// <summary>Whether an option was given.</summary>
    /// <param name="option">The option.</param>
    /// <returns>Whether it was given at least once.</returns>
    public bool Has(OptionSyntax option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return _values.ContainsKey(option.Name);
    }

    /// <summary>The value of an option.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The value, or null when it was not given.</returns>
    public string? Value(OptionSyntax option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return _values.TryGetValue(option.Name, out var values) ? values[^1] : null;
    }

    /// <summary>The value of an option as an integer.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The number, or null when it was not given.</returns>
    /// <exception cref="CommandLineException">The value is no integer.</exception>
    public int? Int32(OptionSyntax option)
    {
        ArgumentNullException.ThrowIfNull(option);
        if (Value(option) is not { } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CommandLineException($"\"{string.Join(", ", option.Names)}\": couldn't convert \"{text}\" to an integer");
    }

    /// <summary>All values of an option in order.</summary>
    /// <param name="option">The option.</param>
    /// <returns>The values.</returns>
    public IReadOnlyList<string> Values(OptionSyntax option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return _values.TryGetValue(option.Name, out var values) ? values : [];
    }

    /// <summary>
    /// The pairs of a <see cref="OptionKind.KeyValues"/> option, split at commas and joined again as Digdag does: a piece with
    /// an equals sign starts a new pair, one without is appended to the value before it; later pairs win (cli-local 2).
    /// </summary>
    /// <param name="option">The option.</param>
    /// <returns>Keys with values, in order of first appearance.</returns>
    /// <exception cref="CommandLineException">A leading piece has no equals sign.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> KeyValues(OptionSyntax option)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var piece in Values(option).SelectMany(Pieces))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                pairs.Add(new(piece[..equals], piece[(equals + 1)..]));
            }
            else if (pairs.Count > 0)
            {
                pairs[^1] = new(pairs[^1].Key, pairs[^1].Value + "," + piece);
            }
            else
            {
                throw new CommandLineException($"Parameter {option.Name} expected a value of the form a=b but got:{piece}");
            }
        }

        return pairs;
    }

    internal void Add(OptionSyntax option, string value)
    {
        if (!_values.TryGetValue(option.Name, out var values))
        {
            _values.Add(option.Name, values = []);
        }

        values.Add(value);
    }

    // Trailing empty pieces are dropped.
    private static IEnumerable<string> Pieces(string raw)
    {
        var pieces = raw.Split(',');
        var count = pieces.Length;
        while (count > 0 && pieces[count - 1].Length == 0)
        {
            count--;
        }

        return pieces.Take(count);
    }
}
