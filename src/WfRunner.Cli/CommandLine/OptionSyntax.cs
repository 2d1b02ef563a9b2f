namespace WfRunner.Cli.CommandLine;

/// <summary>What an option takes and how often.</summary>
public enum OptionKind
{
    /// <summary>No value.</summary>
    Flag,

    /// <summary>One value, the next argument; at most once.</summary>
    Value,

    /// <summary><c>KEY=VALUE</c>, as often as wanted; split at commas as Digdag does (cli-local 2).</summary>
    KeyValues,

    /// <summary><c>KEY=VALUE</c> that may be glued to the name, as <c>-Xkey=value</c>; as often as wanted.</summary>
    Dynamic,

    /// <summary>All following arguments up to the next option; as often as wanted.</summary>
    Rest,
}

/// <summary>One option of a command: parsed, shown in the usage and completed from this one description.</summary>
/// <param name="Names">All spellings, the one that messages use first.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="ValueName">What the usage calls the value; null for a flag.</param>
/// <param name="Summary">One line for the usage; null hides the option from it.</param>
public sealed record OptionSyntax(IReadOnlyList<string> Names, OptionKind Kind, string? ValueName, string? Summary)
{
    /// <summary>The words that the value may be, for completion; none when it may be anything.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The spelling that messages use.</summary>
    public string Name => Names[0];

    /// <summary>An option without a value.</summary>
    /// <param name="summary">One line for the usage.</param>
    /// <param name="names">All spellings.</param>
    /// <returns>The option.</returns>
    public static OptionSyntax Flag(string? summary, params IReadOnlyList<string> names) => new(names, OptionKind.Flag, null, summary);

    /// <summary>An option with one value.</summary>
    /// <param name="valueName">What the usage calls the value.</param>
    /// <param name="summary">One line for the usage.</param>
    /// <param name="names">All spellings.</param>
    /// <returns>The option.</returns>
    public static OptionSyntax Value(string valueName, string? summary, params IReadOnlyList<string> names) =>
        new(names, OptionKind.Value, valueName, summary);

    /// <summary>An option that collects <c>KEY=VALUE</c> pairs.</summary>
    /// <param name="summary">One line for the usage.</param>
    /// <param name="names">All spellings.</param>
    /// <returns>The option.</returns>
    public static OptionSyntax KeyValues(string? summary, params IReadOnlyList<string> names) =>
        new(names, OptionKind.KeyValues, "KEY=VALUE", summary);
}
