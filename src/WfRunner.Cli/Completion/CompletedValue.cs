using WfRunner.Cli.CommandLine;

namespace WfRunner.Cli.Completion;

/// <summary>What can stand behind an option or a command, as far as a shell can know it.</summary>
internal enum CompletedValue
{
    /// <summary>Nothing that could be offered.</summary>
    Unknown,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A file.</summary>
    File,

    /// <summary>A workflow of the current directory, by name.</summary>
    Workflow,
}

/// <summary>Reads the kinds of values from the descriptions that the parser and the usage share.</summary>
internal static class CompletedValues
{
    /// <summary>Kind of an option's value.</summary>
    public static CompletedValue Of(OptionSyntax option) => option.ValueName switch
    {
        "DIR" => CompletedValue.Directory,
        { } name when name.StartsWith("PATH", StringComparison.Ordinal) || name.StartsWith("FILE", StringComparison.Ordinal) => CompletedValue.File,
        _ => CompletedValue.Unknown,
    };

    /// <summary>Kind of a command's first argument.</summary>
    public static CompletedValue Of(CommandSyntax command) => command.Name switch
    {
        "run" or "check" => CompletedValue.Workflow,
        _ => CompletedValue.Unknown,
    };

    /// <summary>Options of a command that the usage shows, the common ones included.</summary>
    public static IEnumerable<OptionSyntax> OptionsOf(CommandSyntax command) =>
        command.Options.Concat(CommonOptions.All).Where(o => o.Summary is not null);
}
