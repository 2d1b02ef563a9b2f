namespace WfRunner.Cli.CommandLine;

/// <summary>Where the main usage lists a command.</summary>
public enum CommandGroup
{
    /// <summary>Works without a server.</summary>
    Local,

    /// <summary>Is a server, or tends its database.</summary>
    Server,

    /// <summary>Talks to a server.</summary>
    Client,
}

/// <summary>Everything about a command that its parser, its usage and shell completion need.</summary>
public sealed record CommandSyntax
{
    /// <summary>The name, as errors list it.</summary>
    public required string Name { get; init; }

    /// <summary>Other spellings.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Where the main usage lists it.</summary>
    public required CommandGroup Group { get; init; }

    /// <summary>What follows the name in the usage's first line, for example <c>&lt;workflow.dig&gt; [+task] [options...]</c>.</summary>
    public required string Arguments { get; init; }

    /// <summary>One line for the main usage.</summary>
    public required string Summary { get; init; }

    /// <summary>The command's own options; the common ones are added by the parser.</summary>
    public IReadOnlyList<OptionSyntax> Options { get; init; } = [];

    /// <summary>Least number of positional arguments.</summary>
    public int MinimumArguments { get; init; }

    /// <summary>Greatest number of positional arguments.</summary>
    public int MaximumArguments { get; init; }

    /// <summary>Lines of the usage under "Examples:", each a command without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
