namespace WfRunner.Core.Operators;

/// <summary>What values an operator's parameter takes; used for checking, for documentation and for editor help.</summary>
public enum ParameterType
{
    /// <summary>Any value.</summary>
    Any,

    /// <summary>A text.</summary>
    Text,

    /// <summary>Text or number that reads as an integer.</summary>
    Integer,

    /// <summary>A truth value, or text that reads as one.</summary>
    Boolean,

    /// <summary>A list.</summary>
    List,

    /// <summary>An object.</summary>
    Map,

    /// <summary>The path of a file in the project, or an object with <c>data</c> that holds its content.</summary>
    File,

    /// <summary>A task or group written inside the operator, such as <c>_do</c>.</summary>
    Tasks,
}

/// <summary>One parameter that an operator declares.</summary>
/// <param name="Name">The key as written in a .dig file.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Summary">One sentence for help and documentation.</param>
/// <param name="Required">Whether the operator fails without it.</param>
public sealed record OperatorParameter(string Name, ParameterType Type, string Summary, bool Required = false)
{
    /// <summary>Whether the file named by the parameter is itself a template.</summary>
    public bool IsTemplate { get; init; }

    /// <summary>Of a <see cref="ParameterType.File"/>, the endings that make a value the name of a file; none for every value.</summary>
    public IReadOnlyList<string> FileSuffixes { get; init; } = [];

    /// <summary>Whether a value names a file.</summary>
    /// <param name="value">The value.</param>
    /// <returns>Whether it does.</returns>
    public bool NamesFile(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Type == ParameterType.File && value.Length > 0
            && (FileSuffixes.Count == 0 || FileSuffixes.Any(s => value.EndsWith(s, StringComparison.Ordinal)));
    }

    /// <summary>Whether <c>${secret:…}</c> in the value is replaced. Digdag behaviour: dig-language 11.1.</summary>
    public bool ResolvesSecrets { get; init; }
}
